// Replaced by the floor's real files.
