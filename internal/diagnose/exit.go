package diagnose

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"berth/internal/diagnose/advice"
	"berth/internal/diagnose/reason"
	"berth/internal/document"
	"berth/internal/live"
)

// culprit is the container whose end ended a task, with its definition: what was told to stop because another one ended has ended
// by a signal, and says less.
func culprit(s *scene, t *live.Task) (*live.Container, document.Value) {
	var worst *live.Container
	var its document.Value
	best := 0
	for i := range t.Containers {
		c := &t.Containers[i]
		spec := s.spec(t, c.Name)
		if n := guilt(c, essential(spec)); n > best {
			worst, its, best = c, spec, n
		}
	}
	return worst, its
}

// guilt is how likely it is that a container's end ended its task.
func guilt(c *live.Container, essential bool) int {
	n := 0
	switch {
	case reason.OutOfMemory(c.Reason):
		n = 10
	case c.Exit == nil && c.Reason == "":
		return 0
	case c.Exit == nil:
		n = 8
	case *c.Exit == 0:
		n = 2
	case *c.Exit == 137, *c.Exit == 143:
		n = 4
	default:
		n = 6
	}
	if essential {
		n++
	}
	return n
}

// exited finds why a container ended and its task with it.
func (s *scene) exited(found *causes, t *live.Task) {
	subject := subjectOf(t)
	c, spec := culprit(s, t)
	switch {
	case c == nil:
		found.add(reason.Unknown, subject, "ended").ends(t, t.Reason)
	case reason.OutOfMemory(c.Reason):
		x := found.add(s.limitOf(t, spec), subject, c.Name).ends(t, c.Reason)
		x.name = strconv.Itoa(s.limit(t, x.code, spec))
	case c.Exit == nil:
		if !s.unlaunched(found, subject, t, c, c.Reason) {
			found.add(reason.Unknown, subject, c.Name).ends(t, c.Reason)
		}
	case *c.Exit == 0 && serviceOf(t) == "":
		// a task that runs once has done what it should
	default:
		x := found.add(reason.Exit(*c.Exit), subject, c.Name).ends(t, c.Reason)
		x.name = strconv.Itoa(*c.Exit)
	}
}

// limitOf is which limit a container that was killed for its memory ran into.
func (s *scene) limitOf(t *live.Task, spec document.Value) string {
	d := s.definitions[t.Definition]
	switch {
	case spec.Get("memory").There():
		return reason.OomContainer
	case d != nil && d.Spec.Get("memory").There():
		return reason.OomTask
	}
	return reason.OomInstance
}

// limit is that limit in MiB; 0 where nobody set one.
func (s *scene) limit(t *live.Task, code string, spec document.Value) int {
	switch code {
	case reason.OomContainer:
		return spec.Get("memory").NumberOr(0)
	case reason.OomTask:
		return s.definitions[t.Definition].Spec.Get("memory").NumberOr(0)
	}
	if i := s.hosts[t.Instance]; i != nil {
		return i.Total.Memory
	}
	return 0
}

// unlaunched finds why a container was pulled and could not be started (ECS developer guide, "Troubleshooting Amazon ECS
// CannotStartContainerError errors"; the words behind are those of Docker and runc).
func (s *scene) unlaunched(found *causes, subject string, t *live.Task, c *live.Container, why string) bool {
	code, low := "", strings.ToLower(why)
	switch {
	case reason.Says(low, "dependency", "dependencies"):
		code = reason.NoDependency
	case reason.Says(low, "executable file not found", "stat ", "no such file or directory: unknown", "permission denied: unknown") && reason.Says(low, "cannotstart", "exec:", "runc"):
		code = reason.NoCommand
	case reason.Says(why, "CannotStartContainer", "CannotCreateContainer", "CannotCreateVolume", "CannotInspectContainer", "ContainerRuntimeError", "ContainerRuntimeTimeoutError",
		"DockerTimeoutError", "DockerStateError", "CannotGetDockerClientError", "TaskResourceError", "HostResourceError"):
		code = reason.NoStart
	default:
		return false
	}
	about := ""
	if c != nil {
		about = c.Name
	}
	found.add(code, subject, about).ends(t, why)
	return true
}

// exitTellers word how containers end.
func exitTellers() map[string]teller {
	return map[string]teller{
		reason.ExitCode: func(s *scene, c *cause) (string, string, bool) {
			s.notes(c)
			return fmt.Sprintf("container %s ends by itself with exit code %s", c.about, c.name), logs(s, c, c.about) + "; the program itself gave that code, so its log is where the reason is", false
		},
		reason.ExitZero: func(s *scene, c *cause) (string, string, bool) {
			s.notes(c)
			return fmt.Sprintf("container %s is done and ends with exit code 0, but a service's container must go on for ever", c.about),
				"let the program stay in the foreground; or run it once, without service.json: berth deploy DIR; or set \"essential\": false where another container is the service", false
		},
		reason.OomContainer: func(_ *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("container %s takes more memory than its hard limit of %s MiB and is killed for it", c.about, c.name),
				fmt.Sprintf("raise \"memory\" of container %s in taskdef.json, to %s for a beginning, or let the program take less (a JVM: -XX:MaxRAMPercentage=75)", c.about, advice.Half(c.name)), false
		},
		reason.OomTask: func(_ *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("the task takes more memory than its limit of %s MiB, and container %s is killed for it", c.name, c.about),
				fmt.Sprintf("raise \"memory\" of the task in taskdef.json, to %s for a beginning; all containers of the task share it", advice.Half(c.name)), false
		},
		reason.OomInstance: func(_ *scene, c *cause) (string, string, bool) {
			if c.name != "0" {
				c.note("the instance has %s MiB for tasks", c.name)
			}
			return fmt.Sprintf("the instance ran out of memory, and container %s is killed for it: it has no limit of its own", c.about),
				fmt.Sprintf("set \"memory\" of container %s in taskdef.json, so that ECS places no more than fits; or a larger instance_type", c.about), false
		},
		reason.Killed: func(s *scene, c *cause) (string, string, bool) {
			s.notes(c)
			return fmt.Sprintf("container %s was killed by SIGKILL (exit code 137), and AWS does not say that it was for its memory", c.about),
				logs(s, c, c.about) + "; see on the instance whether the kernel killed a child of it for memory: dmesg -T | grep -i oom", false
		},
		reason.Crashed: func(s *scene, c *cause) (string, string, bool) {
			s.notes(c)
			return fmt.Sprintf("the program of container %s crashes with %s (exit code %s)", c.about, reason.Signal(c.name), c.name),
				logs(s, c, c.about) + "; it is a fault in native code: run the same image by hand with a debugger, and see whether the image before it did this too", false
		},
		reason.Terminated: func(s *scene, c *cause) (string, string, bool) {
			s.notes(c)
			return fmt.Sprintf("container %s was ended by SIGTERM (exit code 143) that ECS did not send", c.about),
				"find who sends it: a supervisor within the container, or somebody on the instance (journalctl -u docker)", false
		},
		reason.NoCommand: func(s *scene, c *cause) (string, string, bool) {
			s.notes(c)
			return fmt.Sprintf("the command of container %s cannot be run: it is not in the image, or may not be executed", c.about),
				"correct \"command\" or \"entryPoint\" in taskdef.json, or the image; to see what is in there: docker run --rm --entrypoint sh IMAGE -c 'ls -l'; a script needs its #! line and an interpreter that the image has", true
		},
		reason.NoStart: func(_ *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("Docker cannot start container %s", or(c.about, "of the task")),
				"read AWS's words: what they name (a volume, a device, a log driver, a mount) is missing on the instance or wrong in taskdef.json; more stands in journalctl -u docker on the instance", false
		},
		reason.NoDependency: func(_ *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("container %s waits for another one that did not come to the state that dependsOn wants", or(c.about, "of the task")),
				"look at the container that it depends on, then at \"dependsOn\" and \"startTimeout\" in taskdef.json", false
		},
	}
}

// notes adds how long the tasks lived.
func (s *scene) notes(c *cause) {
	switch least, most, ok := lives(c.tasks); {
	case !ok:
	case len(c.tasks) == 1:
		c.note("it lived %s", span(most))
	case span(least) == span(most):
		c.note("each lived %s", span(most))
	default:
		c.note("they lived %s to %s", span(least), span(most))
	}
}

// lives is how long the one of several tasks that lived shortest lived, and the one that lived longest.
func lives(tasks []*live.Task) (least, most time.Duration, ok bool) {
	for _, t := range tasks {
		d := ended(t).Sub(t.Started)
		if t.Started.IsZero() || d < 0 {
			continue
		}
		if !ok || d < least {
			least = d
		}
		most, ok = max(most, d), true
	}
	return least, most, ok
}

// logs is the command that shows what a container wrote.
func logs(s *scene, c *cause, container string) string {
	if len(c.tasks) == 0 {
		return "read its log"
	}
	t := c.tasks[len(c.tasks)-1]
	log := s.spec(t, container).Get("logConfiguration")
	l := advice.Log{Container: container, Task: t.ID, Host: s.host(t)}
	if o := log.Get("options"); log.Get("logDriver").Text == "awslogs" {
		l.Group, l.Prefix, l.Region = o.Get("awslogs-group").Text, o.Get("awslogs-stream-prefix").Text, or(o.Get("awslogs-region").Text, s.Region)
	}
	return l.Read()
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
