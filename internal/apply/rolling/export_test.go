package rolling

import "berth/internal/roll"

// Knows tells whether the writer has a way to do something.
func (w *Writer) Knows(v roll.Verb) bool { return w.verbs()[v] != nil }
