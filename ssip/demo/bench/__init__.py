"""What `make bench` measures inside the product: a crowd of rows, and what the walls cost among them."""
