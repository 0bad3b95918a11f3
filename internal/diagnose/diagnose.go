// Package diagnose says what failed and why.
//
// In: a live.Capture. Out: diagnoses, the likeliest cause first, each with a stable code, its evidence and the exact fix. It
// asks nobody, and where the facts do not tell the cause it says so. Texts of AWS are quoted as they came: whoever shows them
// takes out what could steer a terminal.
package diagnose

import "berth/internal/live"

// Diagnosis is one cause with what speaks for it.
type Diagnosis struct {
	Code     string   `json:"code"`            // stable: "WHY101"; Explain knows it
	Text     string   `json:"text"`            // what happens and why, one sentence
	Subject  string   `json:"subject"`         // what it is about: a service, a task, an instance
	Evidence []string `json:"evidence"`        // facts that speak for it, with times and figures
	Fix      string   `json:"fix,omitempty"`   // the exact next step
	Count    int      `json:"count,omitempty"` // how many tasks or instances it is true of
	Final    bool     `json:"final,omitempty"` // waiting does not help
}

// Of finds the causes of whatever is wrong in a capture; none when nothing is. The order of what the capture lists does not
// count.
func Of(c live.Capture) []Diagnosis {
	s := newScene(c)
	found := newCauses()
	for _, look := range []func(*scene, *causes){ends, slow, sickness, waits, groups, agents, drains, held, turns, loops, rest} {
		look(s, found)
	}
	return found.tell(s)
}
