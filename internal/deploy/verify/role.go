package verify

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/document"
)

// roles looks at the roles of the task.
func (c *checker) roles() {
	for _, w := range Wanted(c.order) {
		if w.Kind != RoleKind {
			continue
		}
		switch state, note := c.state(w); state {
		case missing:
			c.add(Finding{
				Code: "DEP121", Severity: Error, At: w.At, Text: fmt.Sprintf("the %s %s is not there", w.For, w.Name),
				Fix: "make the role, or use the cluster's own: ${berth.role." + strings.TrimSuffix(w.For, " role") + "}",
			})
		case unknown:
			c.add(c.unseen(w, note))
		}
		i := slices.IndexFunc(c.facts.Roles, func(r Role) bool { return r.ARN == w.Name })
		if i >= 0 && !c.facts.Roles[i].Trusts {
			c.add(Finding{
				Code: "DEP122", Severity: Error, At: w.At, Text: fmt.Sprintf("the %s %s does not let ECS tasks take it on", w.For, w.Name),
				Fix: `its trust policy needs: "Principal": { "Service": "ecs-tasks.amazonaws.com" }, "Action": "sts:AssumeRole"`,
			})
		}
	}
	c.execution()
}

// execution looks for a task that ECS must fetch something for, and that has no role to fetch it with (ECS developer guide,
// "Amazon ECS task execution IAM role").
func (c *checker) execution() {
	if c.order.Definition.Get("executionRoleArn").Text != "" {
		return
	}
	for _, one := range c.order.Definition.Get("containerDefinitions").Items {
		v, what := needsRole(one)
		if what == "" {
			continue
		}
		c.add(Finding{
			Code: "DEP123", Severity: Error, At: at(v, one),
			Text: fmt.Sprintf("container %s has %s, and the task has no execution role to fetch them with", one.Get("name").Text, what),
			Fix:  `write "executionRoleArn": "${berth.role.execution}"`,
		})
		return
	}
}

func needsRole(container document.Value) (document.Value, string) {
	for _, one := range []struct {
		v    document.Value
		what string
	}{
		{container.Get("secrets"), "secrets"},
		{container.Get("logConfiguration", "secretOptions"), "secrets of its log driver"},
		{container.Get("repositoryCredentials"), "the credentials of a registry"},
	} {
		if len(one.v.Items)+len(one.v.Members) > 0 {
			return one.v, one.what
		}
	}
	return document.Value{}, ""
}
