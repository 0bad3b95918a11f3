package manifest

import (
	"fmt"
	"strings"

	"berth/internal/document"
	"berth/internal/manifest/fault"
)

// checker asks what the values mean together. It takes what does not fit the shape for absent.
type checker struct {
	*reader
	f Folder
}

// container is one container definition.
type container struct {
	document.Value
	name string
	said string // how faults call it
}

func (c *checker) containers() []container {
	var out []container
	for i, v := range c.f.Definition.Get("containerDefinitions").Items {
		if v.Kind != document.Object {
			continue
		}
		one := container{Value: v, name: text(v, "name"), said: fmt.Sprintf("containerDefinitions[%d]", i)}
		if one.name != "" && !c.open(v.Get("name")) {
			one.said = "the container " + fault.Quote(one.name)
		}
		out = append(out, one)
	}
	return out
}

// text is the text of a member, empty when it is none.
func text(v document.Value, names ...string) string {
	if v = v.Get(names...); v.Kind == document.Text {
		return v.Text
	}
	return ""
}

// number is the whole number of a member that is a number.
func number(v document.Value, names ...string) (int, bool) {
	if v = v.Get(names...); v.Kind != document.Number {
		return 0, false
	}
	return v.Number()
}

// within checks that a member, where it is given, is a number of a range.
func (c *checker) within(said string, v document.Value, name string, least, most int) {
	if n, ok := number(v, name); ok && (n < least || n > most) {
		c.Fail(v.Get(name).At, Fault{
			Code: codeRange, Summary: fmt.Sprintf("%s: %s cannot be %d", said, name, n),
			Hint: fmt.Sprintf("from %d to %d", least, most),
		})
	}
}

// names checks and fills in what the folder is called.
func (c *checker) names(f *Folder) {
	for _, of := range []struct {
		v    *document.Value
		name string
	}{{&f.Definition, "family"}, {&f.Service, "serviceName"}} {
		name := of.v.Get(of.name)
		if name.Kind != document.Text || c.open(name) || identifier.MatchString(name.Text) {
			continue
		}
		at, what := name.At, of.name+" cannot be "+c.quote(name)
		if at.Line == 0 {
			at, what = of.v.At, of.name+" is left out, and the folder's name "+fault.Quote(name.Text)+" cannot stand for it"
		}
		hint := `write "` + of.name + `": "web"`
		if legal := suggestion(name.Text); legal != "" && !c.from[name.At] {
			hint = `write "` + of.name + `": "` + legal + `"`
		}
		c.Fail(at, Fault{Code: codeName, Summary: what, Detail: "Up to 255 letters, digits, hyphens and underscores.", Hint: hint})
	}
}

// definition checks the task definition.
func (c *checker) definition() {
	all := c.containers()
	c.task(all)
	for _, one := range all {
		c.container(one)
		c.secrets(one)
		c.memory(one)
		c.order(one, all)
		c.logs(one)
	}
	c.cycles(all)
	c.amounts(all)
	c.ports(all)
	c.constraints(c.f.Definition.Get("placementConstraints"), 0)
	c.tags(c.f.Definition)
}

// service checks the service, where there is one.
func (c *checker) service() {
	if c.f.Once() {
		return
	}
	c.identity()
	c.network()
	c.balancers()
	c.capacity()
	c.daemon()
	c.strategy()
	c.constraints(c.f.Service.Get("placementConstraints"), len(c.f.Definition.Get("placementConstraints").Items))
	c.rebalancing()
	c.deployment()
	c.percentages()
	c.tags(c.f.Service)
}

// tags refuses keys that are not the user's to set.
func (c *checker) tags(v document.Value) {
	for _, tag := range v.Get("tags").Items {
		key := text(tag, "key")
		lower := strings.ToLower(key)
		if strings.HasPrefix(lower, "aws:") || strings.HasPrefix(lower, "berth:") || lower == "environment" || lower == "cluster" {
			c.Fail(tag.Get("key").At, Fault{
				Code: codeReserved, Summary: "the tag " + c.quote(tag.Get("key")) + " is not yours to set",
				Detail: "AWS keeps aws: to itself; berth sets berth:service, Environment and Cluster.", Hint: "leave it out",
			})
		}
	}
}
