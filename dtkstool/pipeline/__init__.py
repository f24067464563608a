"""The stages in order: what each command does from files to results."""
