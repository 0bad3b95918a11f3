package watch

import (
	"slices"

	"berth/internal/diagnose"
)

// Sharpen takes what a closer look at a subject found, into the incidents that were just opened at it and into their changes.
func Sharpen(s State, changes []Change, subject string, found []diagnose.Diagnosis) (State, []Change) {
	b := &book{State: s.ready()}
	for n := range changes {
		c := &changes[n]
		if c.Kind != Opened && c.Kind != Reopened || !slices.ContainsFunc(c.Incident.Members, func(m Member) bool { return m.Name == subject }) {
			continue
		}
		at := slices.IndexFunc(b.Incidents, func(i *Incident) bool { return i.ID == c.Incident.ID })
		if at < 0 {
			continue
		}
		b.sharpen(b.Incidents[at], found)
		b.Incidents[at].Told.Also = len(b.Incidents[at].Also)
		c.Incident = b.Incidents[at].shown()
	}
	return b.State, changes
}

// sharpen takes the likeliest diagnosis of the incident's own family, or of any where only a symptom was known; the rest is noted.
func (b *book) sharpen(i *Incident, found []diagnose.Diagnosis) {
	best := slices.IndexFunc(found, func(d diagnose.Diagnosis) bool { return familyOf(d.Code) == i.Cause.Family })
	if best < 0 && symptom(i.Cause.Family) {
		best = slices.IndexFunc(found, func(d diagnose.Diagnosis) bool { return !symptom(familyOf(d.Code)) })
	}
	for n, d := range found {
		if n != best {
			i.also(d.Text)
		}
	}
	if best < 0 {
		return
	}
	d := found[best]
	i.Code, i.Text, i.Fix = d.Code, d.Text, d.Fix
	i.Evidence = slices.Clone(d.Evidence[:min(len(d.Evidence), mostEvidence)])
}
