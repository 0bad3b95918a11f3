package hear

import (
	"strings"
	"time"

	"berth/internal/diagnose/reason"
	"berth/internal/live"
	"berth/internal/watch"
)

// The kinds of what signals are about.
const (
	aService  = "service"
	aFamily   = "family"
	aInstance = "instance"
	aGroup    = "group"
	anAlert   = "alert"
)

// hold is for how long something must have been so before anybody is told.
func hold(code string) time.Duration {
	switch code {
	case reason.LackRoom, reason.NotJoined, reason.Held:
		return 10 * time.Minute // managed scaling, a machine that starts, or a task that ends its work in peace takes that long
	case reason.LackCPU, reason.LackMemory:
		return growing
	case reason.ZoneDark:
		return time.Minute
	case reason.AgentGone:
		return 3 * time.Minute // agents disconnect several times an hour (ECS developer guide, "Amazon ECS events")
	case unconfirmed:
		return time.Hour
	}
	switch familyOf(code) {
	case watch.Room:
		return full
	case watch.Drain, watch.Short:
		return 5 * time.Minute
	}
	return 0
}

// Holds of what finds no room: how long an instance may take to come, and where none will.
const (
	growing = 10 * time.Minute
	full    = time.Minute
)

// severity is how much a cause matters; final says that no waiting mends it.
func severity(code string, of live.Subject, final bool) watch.Severity {
	switch code {
	case reason.SpotTaken:
		return watch.Info
	case reason.AgentGone, reason.HostGone, reason.NotJoined, reason.NoCapacity, reason.LackRoom, reason.Throttled, reason.Held, unconfirmed, oldImage:
		return watch.Warning
	}
	switch familyOf(code) {
	case watch.Registry, watch.Drain:
		return watch.Warning
	case watch.Room, watch.Host, watch.Launch, watch.Rollout:
		return watch.Error
	}
	if final || of.Kind == aFamily { // nobody tries a job again
		return watch.Error
	}
	return watch.Warning
}

// Codes of package check that are told of as well.
const (
	unconfirmed = "OPS403"
	oldImage    = "AMI504"
)

// familyOf is the family of a code's causes.
func familyOf(code string) string { return watch.CauseOf(code, live.Subject{}, "").Family }

// within is a scope, or the cluster where nobody knows which one.
func within(kind, name string) string {
	if name == "" {
		return "cluster"
	}
	return kind + "/" + name
}

// nameOf is the name of a member without its kind.
func nameOf(member string) string {
	_, name, _ := strings.Cut(member, "/")
	return name
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
