"""Checks the claims in the news: what is claimed, by whom, on what evidence."""

__version__ = "0.1.0"
