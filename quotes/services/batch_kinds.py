"""The kinds of batches: importing this module registers how an item of each is done."""
