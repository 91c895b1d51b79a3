"""The control page and its JSON twins, for a demo, a training day or a test. No login: loopback only."""
