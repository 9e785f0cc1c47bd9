"""The commands, by what they work on: articles, language, evidence, the workspace."""
