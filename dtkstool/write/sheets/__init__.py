"""The sheets of a correction workbook, from rows to cells."""
