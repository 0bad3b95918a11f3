package rolling

// Crowd makes a reader take its cluster for a large one, in which the lists of tasks of single instances cost less than that of all.
func (r *Reader) Crowd(narrow bool) { r.crowded, r.narrow = true, narrow }
