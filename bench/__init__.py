"""The measured claims, as programs anyone can run: `script/bench`."""
