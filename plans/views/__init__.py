"""Pages about a plan and its words."""
