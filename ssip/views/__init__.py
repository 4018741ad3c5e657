"""Pages of the site itself and pages that show records of several apps."""
