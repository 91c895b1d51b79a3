"""The reads that pages share: querysets, and small values made from them."""
