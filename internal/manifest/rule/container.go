package rule

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/document"
	"berth/internal/manifest/draft"
	"berth/internal/manifest/fault"
	"berth/internal/manifest/image"
	"berth/internal/spell"
)

// task checks what belongs to the whole task (ECS API reference, RegisterTaskDefinition).
func (c *checker) task(all []container) {
	d := c.f.Definition
	list := d.Get("containerDefinitions")
	switch n := len(list.Items); {
	case list.Kind == document.List && n == 0:
		c.Fail(list.At, fault.Fault{
			Code: fault.CodeMissing, Summary: "the task has no container", Hint: `write "containerDefinitions": [{ "name": "web", "image": "nginx:1.29" }]`,
		})
	case n > 10:
		c.Fail(list.Items[10].At, fault.Fault{Code: fault.CodeRange, Summary: fmt.Sprintf("a task has at most 10 containers, not %d", n), Hint: "make two tasks of it"})
	}
	if n := len(all); n > 0 && !slices.ContainsFunc(all, func(o container) bool { return essential(o.Value) }) {
		c.Fail(all[0].Get("essential").At, fault.Fault{
			Code: fault.CodeEssential, Summary: "no container of the task is essential", Detail: "The task ends with its essential containers; without one it cannot run.",
			Hint: `write "essential": true, or leave it out`,
		})
	}
	seen := map[string]int{}
	for _, one := range all {
		v := one.Get("name")
		if line, ok := seen[one.name]; ok && one.name != "" && !c.f.Open(v) {
			c.Fail(v.At, fault.Fault{Code: fault.CodeTwice, Summary: "a second container is called " + c.f.Quote(v), Detail: fmt.Sprintf("The first stands in line %d.", line)})
			continue
		}
		seen[one.name] = v.At.Line
	}
	c.elsewhere(d)
	for _, name := range []string{"executionRoleArn", "taskRoleArn"} {
		c.role(d.Get(name), name)
	}
}

// essential tells whether a task ends with the container.
func essential(v document.Value) bool {
	e := v.Get("essential")
	return e.Kind != document.Bool || e.True()
}

// elsewhere refuses what EC2 instances with Linux cannot do.
func (c *checker) elsewhere(d document.Value) {
	needs := d.Get("requiresCompatibilities")
	for _, v := range needs.Items {
		if v.Kind == document.Text && v.Text != "EC2" && !c.f.Open(v) {
			c.Fail(v.At, fault.Fault{
				Code: fault.CodeNotEC2, Summary: "the task requires " + c.f.Quote(v) + ", and the cluster runs on EC2 instances",
				Hint: `write "requiresCompatibilities": ["EC2"]`,
			})
		}
	}
	if v := d.Get("runtimePlatform", "operatingSystemFamily"); v.Kind == document.Text && v.Text != "LINUX" && !c.f.Open(v) {
		c.Fail(v.At, fault.Fault{Code: fault.CodeNotEC2, Summary: "the task wants Windows, and the cluster's instances run Linux", Hint: `write "operatingSystemFamily": "LINUX"`})
	}
	if v := d.Get("ephemeralStorage"); v.There() {
		c.Fail(v.At, fault.Fault{
			Code: fault.CodeNotEC2, Summary: "only Fargate gives tasks ephemeralStorage", Hint: "leave it out: on EC2 tasks share the instance's volume (root_volume in ecs.tfvars)",
		})
	}
	if v := d.Get("inferenceAccelerators"); len(v.Items) > 0 {
		c.Fail(v.At, fault.Fault{Code: fault.CodeNotEC2, Summary: "AWS has ended Elastic Inference", Hint: "leave inferenceAccelerators out"})
	}
}

// role refuses a role that whoever deploys may not hand on.
func (c *checker) role(v document.Value, name string) {
	if v.Kind != document.Text || v.Text == "" || c.f.Open(v) {
		return
	}
	path := strings.TrimPrefix(v.Text, "/")
	if strings.HasPrefix(v.Text, "arn:") {
		_, path, _ = strings.Cut(v.Text, ":role/")
	}
	if !strings.HasPrefix(path, "ecs/") {
		which := "execution"
		if name == "taskRoleArn" {
			which = "task"
		}
		c.Fail(v.At, fault.Fault{
			Code: fault.CodeRole, Summary: name + " " + c.f.Quote(v) + " is not a role with the path /ecs/", Detail: "Who deploys may hand no other role to tasks.",
			Hint: `write "` + name + `": "${berth.role.` + which + `}"` + "\nor make yours anew: aws iam create-role --path /ecs/ …",
		})
	}
}

// container checks one container by itself (ECS API reference, ContainerDefinition).
func (c *checker) container(one container) {
	name := one.Get("name")
	switch {
	case !name.There() || name.Kind == document.Text && name.Text == "" && !c.f.Open(name):
		c.Fail(orAt(name, one.Value), fault.Fault{Code: fault.CodeMissing, Summary: one.said + " has no name", Hint: `add "name": "web"`})
	case name.Kind == document.Text && !c.f.Open(name) && !identifier.MatchString(name.Text):
		c.Fail(name.At, fault.Fault{
			Code: fault.CodeName, Summary: "a container cannot be called " + c.f.Quote(name), Detail: "Up to 255 letters, digits, hyphens and underscores.",
			Hint: `write "name": "` + c.legal(name) + `"`,
		})
	}
	c.image(one)
	c.health(one)
	c.within(one.said, one.Value, "cpu", 0, 1<<20)
	c.within(one.said, one.Value, "stopTimeout", 0, 7200)
	c.within(one.said, one.Value, "startTimeout", 0, 7200)
	c.within(one.said+": restartPolicy", one.Get("restartPolicy"), "restartAttemptPeriod", 60, 1800)
	for _, m := range one.Get("mountPoints").Items {
		c.volume(one, m.Get("sourceVolume"))
	}
	for _, r := range one.Get("resourceRequirements").Items {
		if draft.Text(r, "type") == "InferenceAccelerator" {
			c.Fail(r.At, fault.Fault{Code: fault.CodeNotEC2, Summary: "AWS has ended Elastic Inference", Hint: "leave it out"})
		}
	}
}

// legal is a name close to one that is none.
func (c *checker) legal(name document.Value) string {
	if c.f.FromVariable(name) {
		return "web"
	}
	return orText(suggestion(name.Text), "web")
}

func orAt(v, around document.Value) document.Position {
	if v.At.Line > 0 {
		return v.At
	}
	return around.At
}

func orText(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (c *checker) image(one container) {
	v := one.Get("image")
	if !v.There() {
		c.Fail(one.At, fault.Fault{Code: fault.CodeMissing, Summary: one.said + " has no image", Hint: `add "image": "nginx:1.29"`})
		return
	}
	if v.Kind != document.Text || c.f.Open(v) {
		return
	}
	if _, err := image.Parse(v.Text); err != nil {
		c.Fail(v.At, fault.Fault{
			Code: fault.CodeImage, Summary: c.f.Quote(v) + " is not the name of an image", Detail: sentence(err.Error()),
			Hint: `such as "image": "nginx:1.29" or "ghcr.io/acme/web:v2"`,
		})
	}
}

func (c *checker) health(one container) {
	h := one.Get("healthCheck")
	said := one.said + ": healthCheck"
	c.within(said, h, "interval", 5, 300)
	c.within(said, h, "timeout", 2, 120)
	c.within(said, h, "retries", 1, 10)
	c.within(said, h, "startPeriod", 0, 300)
	command := h.Get("command")
	if command.Kind != document.List {
		return
	}
	f := fault.Fault{Code: fault.CodeCheck, Hint: `such as "command": ["CMD-SHELL", "curl -f http://localhost/ || exit 1"]`}
	switch first := command.Get("0"); {
	case !first.There():
		f.Summary = said + " has an empty command"
	case first.Kind == document.Text && !c.f.Open(first) && !slices.Contains([]string{"CMD", "CMD-SHELL", "NONE"}, first.Text):
		f.Summary = said + " begins with " + c.f.Quote(first) + ", not with CMD or CMD-SHELL"
	case first.Text != "NONE" && len(command.Items) == 1:
		f.Summary = said + " has no command behind " + c.f.Quote(first)
	default:
		return
	}
	c.Fail(command.At, f)
}

func (c *checker) volume(one container, v document.Value) {
	if v.Kind != document.Text || c.f.Open(v) {
		return
	}
	volumes := c.f.Definition.Get("volumes").Items
	if slices.ContainsFunc(volumes, func(o document.Value) bool { return draft.Text(o, "name") == v.Text || c.f.Open(o.Get("name")) }) {
		return
	}
	f := fault.Fault{Code: fault.CodeVolume, Summary: one.said + " mounts the volume " + c.f.Quote(v) + ", which the task does not have", Hint: `add "volumes": [{ "name": "data" }] to the task`}
	if near := spell.Meant(v.Text, c.shown(volumes)); near != "" {
		f.Hint = "did you mean " + fault.Quote(near) + "?"
	}
	c.Fail(v.At, f)
}
