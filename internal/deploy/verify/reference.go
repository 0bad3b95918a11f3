package verify

import (
	"fmt"
	"strings"

	"berth/internal/live"
)

type instance = live.Instance

// references looks at secrets, parameters and log groups.
func (c *checker) references() {
	for _, w := range Wanted(c.order) {
		switch w.Kind {
		case Secret, Parameter:
			c.secret(w)
		case LogGroup:
			c.logGroup(w)
		}
	}
}

func (c *checker) secret(w Want) {
	f := Finding{At: w.At}
	state, note := c.state(w)
	switch {
	case w.Region != "" && w.Region != c.facts.Region:
		f.Code, f.Severity = "DEP112", Warning
		f.Text = fmt.Sprintf("%s takes a %s from %s: no task starts while that region cannot be reached, and nobody has looked whether it is there", w.For, w.Kind, w.Region)
		f.Fix = "keep a copy in " + c.facts.Region + ": Secrets Manager replicates secrets"
	case state == missing && w.login():
		f.Code, f.Severity = "DEP113", Error
		f.Text = fmt.Sprintf("the secret with the login of %s is not there: %s", w.For, w.Name)
		f.Fix = "make it, or leave repositoryCredentials out where registries in ecs.tfvars knows the registry: berth apply keeps its login"
	case state == missing:
		f.Code, f.Severity = "DEP111", Error
		f.Text = fmt.Sprintf("%s wants a %s that is not there: %s%s", w.For, w.Kind, w.Name, noted(note))
		f.Fix = "make it in " + c.facts.Region + ", or correct valueFrom: no task of this revision can start before"
	case state == unknown:
		f = c.unseen(w, note)
	default:
		return
	}
	c.add(f)
}

// login tells whether it is the login of a registry.
func (w Want) login() bool { return strings.HasPrefix(w.For, registryOf) }

// logGroup looks at groups that berth does not make: those of other clusters, and of other regions.
func (c *checker) logGroup(w Want) {
	if w.Region == "" || w.Region == c.facts.Region {
		c.lent(w)
		return
	}
	c.add(Finding{
		Code: "DEP114", Severity: Warning, At: w.At,
		Text: fmt.Sprintf("%s logs to %s in %s: berth makes log groups in %s only, and has not looked whether this one is there", w.For, w.Name, w.Region, c.facts.Region),
		Fix:  `leave "awslogs-region" out, or make the log group in ` + w.Region + ": without it no task starts",
	})
}

// lent warns of a group that goes when another cluster does.
func (c *checker) lent(w Want) {
	owner := c.facts.Lent[w.Name]
	if owner == "" {
		return
	}
	c.add(Finding{
		Code: "DEP116", Severity: Warning, At: w.At,
		Text: fmt.Sprintf("%s logs to %s, which cluster %s has made: it goes with that cluster, unless its destroy finds the task definition that names it here", w.For, w.Name, owner),
		Fix:  `give each cluster a group of its own: "awslogs-group": "${berth.log_prefix}/` + w.Name[strings.LastIndexByte(w.Name, '/')+1:] + `"`,
	})
}

// The states of references that matter here (live.Reference).
const (
	missing = "missing"
	unknown = "unknown"
)

// state is whether something is there; empty: nobody has looked.
func (c *checker) state(w Want) (state, note string) {
	for _, r := range c.facts.Found.References {
		if r.Kind == w.Kind && r.Name == w.Name {
			return r.State, r.Note
		}
	}
	return "", ""
}

// unseen is something that nobody may look at.
func (c *checker) unseen(w Want, note string) Finding {
	return Finding{
		Code: "DEP115", Severity: Info, At: w.At, Text: fmt.Sprintf("whether the %s %s is there is not known%s", w.Kind, w.Name, noted(note)),
		Fix: "what berth deploy may look at: berth iam policy --for deploy",
	}
}

func noted(note string) string {
	if note == "" {
		return ""
	}
	return " (" + note + ")"
}
