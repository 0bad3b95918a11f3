package rolling

// Crowd makes a reader take its cluster for a large one.
func (r *Reader) Crowd() { r.crowded = true }
