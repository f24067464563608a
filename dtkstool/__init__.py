"""Cleans, links and deduplicates Indonesia's social-welfare register against the civil registry."""

__version__ = "0.1.0"
