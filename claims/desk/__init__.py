"""The desk: people read what the engine found, decide, and publish, over HTTP on their own machine."""
