package rule

import (
	"slices"
	"strings"

	"berth/internal/document"
	"berth/internal/manifest/draft"
	"berth/internal/manifest/fault"
	"berth/internal/spell"
)

// order checks what a container names of the others.
func (c *checker) order(one container, all []container) {
	for _, d := range one.Get("dependsOn").Items {
		if on, ok := c.other(one, all, d.Get("containerName"), "depends on"); ok {
			c.condition(one, on, d)
		}
	}
	for _, v := range one.Get("volumesFrom").Items {
		c.other(one, all, v.Get("sourceContainer"), "takes volumes from")
	}
	links := one.Get("links")
	if mode := c.mode(); len(links.Items) > 0 && mode != bridge && mode != "" {
		c.Fail(links.At, fault.Fault{
			Code: fault.CodeNetwork, Summary: one.said + " has links, which networkMode " + mode + " does not know",
			Hint: "leave them out: the containers reach each other at localhost",
		})
	}
	for _, v := range links.Items {
		name, _, _ := strings.Cut(v.Text, ":")
		if v.Kind == document.Text && !c.f.Open(v) {
			c.named(one, all, v, name, "links to")
		}
	}
}

// other finds the container that a value names.
func (c *checker) other(one container, all []container, v document.Value, does string) (container, bool) {
	if v.Kind != document.Text || c.f.Open(v) {
		return container{}, false
	}
	return c.named(one, all, v, v.Text, does)
}

func (c *checker) named(one container, all []container, v document.Value, name, does string) (container, bool) {
	for _, o := range all {
		if c.f.Open(o.Get("name")) {
			return container{}, false
		}
		if o.name == name {
			if o.At == one.At {
				c.Fail(v.At, fault.Fault{Code: fault.CodeCycle, Summary: one.said + " " + does + " itself", Hint: "leave it out"})
				return container{}, false
			}
			return o, true
		}
	}
	names := slices.DeleteFunc(c.shown(c.f.Definition.Get("containerDefinitions").Items), func(n string) bool { return n == one.name })
	f := fault.Fault{Code: fault.CodeOther, Summary: one.said + " " + does + " the container " + c.f.Quote(v) + ", which the task does not have"}
	if near := spell.Meant(name, names); near != "" {
		f.Hint = "did you mean " + fault.Quote(near) + "?"
	} else if len(names) > 0 {
		f.Hint = "there are " + strings.Join(names, ", ")
	}
	c.Fail(v.At, f)
	return container{}, false
}

// condition checks what a container waits for of another (ECS API reference, ContainerDependency).
func (c *checker) condition(one, on container, d document.Value) {
	f := fault.Fault{Code: fault.CodeOther}
	switch condition := draft.Text(d, "condition"); {
	case condition == "HEALTHY" && !on.Get("healthCheck").There():
		f.Summary = one.said + " waits until " + on.said + " is healthy, which has no healthCheck"
		f.Hint = `give it one: "healthCheck": { "command": ["CMD-SHELL", "…"] }` + "\n" + `or write "condition": "START"`
	case (condition == "COMPLETE" || condition == "SUCCESS") && essential(on.Value):
		f.Summary = one.said + " waits for the end of " + on.said + ", and the task ends with it"
		f.Hint = `write "essential": false in ` + on.said
	default:
		return
	}
	c.Fail(d.Get("condition").At, f)
}

// cycles finds containers that wait for each other, over dependsOn and links.
func (c *checker) cycles(all []container) {
	next := map[string][]string{}
	for _, one := range all {
		for _, d := range one.Get("dependsOn").Items {
			next[one.name] = append(next[one.name], draft.Text(d, "containerName"))
		}
		for _, l := range one.Get("links").Items {
			name, _, _ := strings.Cut(l.Text, ":")
			next[one.name] = append(next[one.name], name)
		}
	}
	for _, one := range all {
		if path := circle(next, one.name, nil); len(path) > 1 {
			var said []string
			for _, name := range append(path, one.name) {
				i := slices.IndexFunc(all, func(o container) bool { return o.name == name })
				said = append(said, all[i].said)
			}
			c.Fail(one.At, fault.Fault{
				Code: fault.CodeCycle, Summary: "containers wait for each other: " + strings.Join(said, ", "), Hint: "take one of the dependencies out",
			})
			return
		}
	}
}

// circle is a way from a container back to itself.
func circle(next map[string][]string, from string, way []string) []string {
	if len(way) > 0 && way[0] == from {
		return way
	}
	if slices.Contains(way, from) {
		return nil
	}
	way = append(slices.Clone(way), from)
	for _, to := range next[from] {
		if found := circle(next, to, way); found != nil {
			return found
		}
	}
	return nil
}
