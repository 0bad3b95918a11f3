package placement

import (
	"strconv"
	"strings"

	"berth/internal/live"
	"berth/internal/placement/query"
)

// Remedy says in one sentence what would make a task fit an instance that lacks something; nothing lacking: "".
func Remedy(lacks []Lack, i live.Instance) string {
	var parts []string
	for _, l := range lacks {
		parts = append(parts, l.remedy(i))
	}
	if len(parts) == 0 {
		return ""
	}
	text := strings.Join(parts, "; and ")
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

func (l Lack) remedy(i live.Instance) string {
	switch l.What {
	case NotJoined:
		return "the instance must join the cluster first: see berth why " + i.ID
	case Agent:
		return "its ECS agent must connect again: see berth why " + i.ID
	case Draining:
		return "it takes no tasks while it drains: another instance must"
	case Capacity:
		return "the capacity provider strategy must name the provider of this instance" + parenthesis(l.Name) + ", or the task goes to another group"
	case Zone:
		return "awsvpcConfiguration.subnets needs a subnet in " + l.Name
	case Distinct:
		return "distinctInstance wants another instance for it"
	case Attribute:
		return l.attribute(i)
	case Expression:
		return l.expression(i)
	case Ports:
		return "ECS reserves at most 100 host ports on an instance: use dynamic ones (hostPort 0)"
	case Port, UDPPort:
		return l.port()
	}
	return l.amount(i)
}

func parenthesis(text string) string {
	if text == "" {
		return ""
	}
	return " (" + text + ")"
}

func (l Lack) port() string {
	if l.Ever {
		return "the instance keeps " + l.What + " " + strconv.Itoa(l.Want) + " for itself: use another hostPort, or 0 for a dynamic one"
	}
	return l.What + " " + strconv.Itoa(l.Want) + " must become free (" + l.Name + " has it), or hostPort be 0, which is dynamic"
}

func (l Lack) amount(i live.Instance) string {
	if !l.Ever {
		return l.unit(l.Want-l.Have) + " more must become free, or the task want at most " + strconv.Itoa(l.Have)
	}
	switch l.What {
	case GPU:
		return "the task needs an instance type with " + l.unit(l.Want) + "; " + i.Type + " has " + strconv.Itoa(l.Total)
	case ENI:
		return "tasks with network mode awsvpc need an instance type with more network interfaces than " + i.Type + " has, or the account setting awsvpcTrunking"
	}
	return "the task must want at most " + l.unit(l.Total) + ", which is all that this " + i.Type + " has, or run on a larger instance type"
}

// attribute says how an attribute comes to an instance.
func (l Lack) attribute(i live.Instance) string {
	name, value, _ := strings.Cut(l.Name, "=")
	switch {
	case name == "ecs.cpu-architecture":
		return "the instance is " + i.Attributes[name] + " and the task is for " + value + ": run it on another group, or change runtimePlatform and the image"
	case strings.HasPrefix(name, "com.amazonaws.ecs.capability.docker-remote-api."), strings.HasPrefix(name, "ecs.capability.") && strings.Contains(name, "secrets"):
		return "the instance needs a newer ECS agent, which registers " + name
	case strings.HasSuffix(name, ".privileged-container"):
		return "the agent runs with ECS_DISABLE_PRIVILEGED: switch that off for this group, or do without privileged"
	case strings.Contains(name, ".capability.logging-driver."):
		_, driver, _ := strings.Cut(name, "logging-driver.")
		return "the agent needs the log driver " + driver + " in ECS_AVAILABLE_LOGGING_DRIVERS"
	case strings.HasPrefix(name, "ecs.") || strings.HasPrefix(name, "com.amazonaws."):
		return "the instance needs an ECS agent that registers " + name
	}
	return "the instance needs the attribute " + l.Name + " (in ecs.tfvars: attributes of its group)"
}

// expression says what the attributes are that a constraint looks at.
func (l Lack) expression(i live.Instance) string {
	e, err := query.Parse(l.Name)
	if err != nil {
		return "the expression " + l.Name + " cannot be read: " + err.Error()
	}
	var has []string
	for _, name := range e.Attributes() {
		if value, ok := i.Attributes[name]; ok {
			has = append(has, name+" is "+strconv.Quote(value))
		} else {
			has = append(has, "it has no "+name)
		}
	}
	if len(has) == 0 {
		return "it must match " + l.Name
	}
	return "it must match " + l.Name + ", but " + strings.Join(has, " and ")
}
