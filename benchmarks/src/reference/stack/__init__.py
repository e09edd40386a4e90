"""The collector of the specification in its own architecture, as a peer to measure beside."""
