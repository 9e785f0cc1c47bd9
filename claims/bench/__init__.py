"""How often the project is right: labelled sets in, figures out. Nothing here decides a verdict."""
