"""Fetched pages as text: what a page says, who published it, and when."""
