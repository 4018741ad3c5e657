"""Read models, one a page."""
