package model

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// TaskDefinition is one revision of a system container's task definition. AWS changes none in place, so another content
// is another resource: the key carries the content's digest.
type TaskDefinition struct {
	Container string // the entry of system_containers
	Family    string
	Content   ContainerDefinition
	Tags      Tags
}

// ContainerDefinition is what a task definition of one container says (ECS API reference, ContainerDefinition).
type ContainerDefinition struct {
	Image         string
	CPU           int // units
	Memory        int // MiB, a hard limit
	Command       []string
	EntryPoint    []string
	Environment   Settings
	Secrets       Settings // names with the ARNs that their values come from
	Mounts        []string // "name /on/the/host:/in/the/container" or with ":ro" behind it
	Ports         []string // "8125:8125/udp": host, container, protocol
	Privileged    bool
	NetworkMode   string // "bridge", "host", "none"
	PIDMode       string // "host" or empty
	ExecutionRole Key
	TaskRole      Key
	LogGroup      Key
	LogOptions    Settings
}

// TaskDefinitionKey names the task definition of a system container with some content.
func TaskDefinitionKey(container string, c ContainerDefinition) Key {
	return Key{KindTaskDefinition, container + "/" + c.Digest()}
}

// Key is TaskDefinitionKey of its container and content.
func (t TaskDefinition) Key() Key { return TaskDefinitionKey(t.Container, t.Content) }

// Refs are the roles and the log group, those that are ours.
func (t TaskDefinition) Refs() []Key {
	refs := []Key{}
	for _, k := range []Key{t.Content.ExecutionRole, t.Content.TaskRole, t.Content.LogGroup} {
		if !k.IsZero() && k.Kind != KindForeign {
			refs = append(refs, k)
		}
	}
	return refs
}

// Attrs lists the family, the content and the tags.
func (t TaskDefinition) Attrs() []Attr {
	var a attrs
	a.text("family", t.Family)
	a = append(a, t.Content.attrs()...)
	a.tags(t.Tags)
	return a
}

func (c ContainerDefinition) attrs() attrs {
	var a attrs
	a.text("container.image", c.Image)
	a.number("container.cpu", c.CPU)
	a.number("container.memory", c.Memory)
	a.text("container.command", fmt.Sprintf("%q", c.Command))
	a.text("container.entry_point", fmt.Sprintf("%q", c.EntryPoint))
	for _, e := range c.Environment {
		a.text("container.environment."+e.Name, e.Value)
	}
	for _, s := range c.Secrets {
		a.text("container.secrets."+s.Name, s.Value)
	}
	a.list("container.volumes", c.Mounts)
	a.list("container.ports", c.Ports)
	a.flag("container.privileged", c.Privileged)
	a.text("container.network_mode", c.NetworkMode)
	a.text("container.pid_mode", c.PIDMode)
	a.key("container.execution_role", c.ExecutionRole)
	a.key("container.task_role", c.TaskRole)
	a.key("container.log_group", c.LogGroup)
	for _, o := range c.LogOptions {
		a.text("container.log."+o.Name, o.Value)
	}
	return a
}

// Digest is a short name for the content: equal contents have equal digests.
func (c ContainerDefinition) Digest() string {
	h := sha256.New()
	for _, a := range c.attrs() {
		fmt.Fprintf(h, "%q=%q\n", a.Name, a.Value)
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}
