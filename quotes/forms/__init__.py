"""What people type: parsing and checking, one module a noun. Field names are the specification's."""
