"""What the operator said: reading it, and the one way into a mirror (`store`)."""
