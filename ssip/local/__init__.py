"""What `make` runs on one machine: servers, assets, the demo. Standard library only; the product never imports it."""
