package reason

import (
	"regexp"
	"strings"

	"berth/internal/live"
)

// Pull sorts the words of a failed pull, in lower case; empty: they are about something else.
func Pull(why string) string {
	pull := Says(why, "cannotpull", "error pulling image", "failed to pull image", "pull image manifest")
	switch {
	case Says(why, "exec format error", "no matching manifest", "descriptor matching platform", "does not match the specified platform"):
		return OtherArch
	case !pull:
		return ""
	case Says(why, "no space left on device"):
		return DiskFull
	case Says(why, "toomanyrequests", "429 too many", "rate exceeded", "pull rate limit"):
		return RateLimit
	case Says(why, "invalid reference format", "invalid repository name"):
		return BadImage
	case Says(why, "manifest unknown", "name unknown", "not found: manifest", "failed to resolve ref") && !Says(why, "timeout", "dial tcp"),
		strings.HasSuffix(strings.TrimSpace(why), ": not found"):
		return NoImage
	case Says(why, "pull access denied", "denied:", "unauthorized", "403 forbidden", "accessdenied", "not authorized", "no basic auth credentials",
		"authentication required", "failed to authorize"):
		return NoAccess
	case unreachable(why):
		return NoRegistry
	}
	return PullUnclear
}

// unreachable tells whether words, in lower case, are those of a network without a way.
func unreachable(why string) bool {
	return Says(why, "timeout", "timed out", "request canceled", "deadline exceeded", "dial tcp", "no such host", "connection refused", "connection reset",
		"network is unreachable", "no route to host", "send request failed", "eof")
}

// Registry is the host of an image's registry.
func Registry(image string) string {
	first, _, more := strings.Cut(image, "/")
	if more && (strings.ContainsAny(first, ".:") || first == "localhost") {
		return first
	}
	return "docker.io"
}

// Plain is an image's name without what a simulated one says of its program.
func Plain(image string) string {
	name, _, _ := strings.Cut(image, "?")
	return name
}

// Provision sorts the words of a failed preparation, in lower case; empty: they are about something else.
func Provision(why string) string {
	secret := Says(why, "secret", "asm", "secretsmanager")
	parameter := Says(why, "ssm", "parameter")
	switch {
	case Says(why, "unable to assume the role", "nocredentialproviders", "no ec2 imds role", "credentials endpoint", "unable to get task credentials"):
		return BadRole
	case Says(why, "log group", "log driver", "awslogs", "cloudwatch"):
		return NoLogGroup
	case Says(why, "eni provisioning", "network interface provisioning", "failed to setup network", "insufficientfreeaddresses", "unable to attach network interface"):
		return NoInterface
	case Says(why, "efs", "volume", "mount.nfs", "mount target"):
		return NoVolume
	case !Says(why, "resourceinitialization", "unable to pull secrets", "fetching secret", "ssm.", "asm"):
		return ""
	case Says(why, "kms"):
		return KeyShut
	case unreachable(why):
		return NoWay
	case Says(why, "json key", "invalid character", "no username and password", "retrieved secret from secrets manager did not contain", "unexpected arn format"):
		return BadKey
	case Says(why, "accessdenied", "is not authorized"):
		return SecretShut
	case parameter && Says(why, "invalid ssm parameters", "invalid parameters", "parameternotfound"):
		return NoParameter
	case secret && Says(why, "resourcenotfound", "can't find the specified secret", "marked for deletion", "no secret"):
		return NoSecret
	}
	return ""
}

// arns finds ARNs in a text.
var arns = regexp.MustCompile(`arn:[a-z-]+:[a-z0-9]+:[a-z0-9-]*:\d*:[^\s'",)]+`)

// Thing is the secret, parameter or role that AWS's words name; empty: they name none.
func Thing(code, why string) string {
	want := map[string]string{NoSecret: ":secretsmanager:", SecretShut: ":", BadKey: ":secretsmanager:", KeyShut: ":kms:", BadRole: ":iam:", NoParameter: ":ssm:"}[code]
	for _, arn := range arns.FindAllString(why, -1) {
		if arn = strings.TrimRight(arn, ":.,"); want != "" && strings.Contains(arn, want) && !strings.Contains(arn, ":assumed-role/") {
			return arn
		}
	}
	if _, names, ok := strings.Cut(why, "invalid ssm parameters: "); ok && code == NoParameter {
		return strings.TrimSpace(names)
	}
	return ""
}

// Who is the role that AWS's words say was refused.
func Who(why string) string {
	_, rest, ok := strings.Cut(why, ":assumed-role/")
	if !ok {
		return ""
	}
	role, _, _ := strings.Cut(rest, "/")
	return role
}

// Exit sorts exit codes: from 128 on they are signals (POSIX, "exit status").
func Exit(code int) string {
	switch code {
	case 0:
		return ExitZero
	case 126, 127:
		return NoCommand
	case 132, 134, 135, 136, 139:
		return Crashed
	case 137:
		return Killed
	case 143:
		return Terminated
	}
	return ExitCode
}

// Signal is the signal that an exit code stands for.
func Signal(code string) string {
	return map[string]string{"132": "SIGILL", "134": "SIGABRT", "135": "SIGBUS", "136": "SIGFPE", "139": "SIGSEGV"}[code]
}

// Place sorts AWS's words for what an instance lacks; empty: they are about something else.
func Place(why string) string {
	for _, one := range []struct{ text, code string }{
		{"RESOURCE:CPU", LackCPU},
		{"insufficient CPU", LackCPU},
		{"RESOURCE:MEMORY", LackMemory},
		{"insufficient memory", LackMemory},
		{"RESOURCE:PORTS", LackPort},
		{"is already using a port", LackPort},
		{"RESOURCE:ENI", LackInterface},
		{"RESOURCE:GPU", LackGPU},
		{"insufficient GPU", LackGPU},
		{"missing an attribute", LackAttribute},
		{"ATTRIBUTE", LackAttribute},
		{"placement constraint unsatisfied", LackConstraint},
		{"No Container Instances were found", NoInstances},
		{"NO ACTIVE INSTANCES", NoInstances},
		{"EMPTY CAPACITY PROVIDER", NoInstances},
		{"provisioning capacity limit", TooMany},
		{"LOCATION", LackZone},
		{"\"AGENT\"", LackAgent},
		{"AGENT", LackAgent},
	} {
		if strings.Contains(why, one.text) {
			return one.code
		}
	}
	return ""
}

// Turn sorts deployments by their end; empty: it goes well so far.
func Turn(d *live.Deployment) string {
	back := strings.HasPrefix(d.Status, "ROLLBACK")
	why := strings.ToLower(d.Reason + " " + d.Why)
	switch {
	case d.Status == "ROLLBACK_FAILED":
		return BackFailed
	case len(d.Triggered) > 0 || (back || d.Status == "STOPPED") && strings.Contains(why, "alarm"):
		return ByAlarm
	case back && (d.Breaker.Status == "TRIGGERED" || strings.Contains(why, "circuit breaker")):
		return ByBreaker
	case d.Status == "STOPPED" && (d.Breaker.Status == "TRIGGERED" || strings.Contains(why, "circuit breaker")):
		return Failed
	case back || d.Status == "STOPPED" || d.Status == "STOP_REQUESTED":
		return Stopped
	}
	return ""
}

// Group is the target group or classic load balancer that a text of ECS names in brackets.
func Group(text string) string {
	for _, word := range []string{"(target-group ", "(elb ", "(load-balancer "} {
		if _, rest, ok := strings.Cut(text, word); ok {
			name, _, _ := strings.Cut(rest, ")")
			return name
		}
	}
	return ""
}

// GroupName is a target group's or load balancer's name, from its ARN.
func GroupName(group string) string {
	if _, rest, ok := strings.Cut(group, ":targetgroup/"); ok {
		name, _, _ := strings.Cut(rest, "/")
		return name
	}
	if group == "" {
		return "the load balancer"
	}
	return group
}

// Says tells whether a text has one of several pieces in it.
func Says(text string, pieces ...string) bool {
	for _, p := range pieces {
		if strings.Contains(text, p) {
			return true
		}
	}
	return false
}

// OutOfMemory tells whether a container was killed for its memory, in the words of the ECS agent.
func OutOfMemory(reason string) bool { return Says(reason, "OutOfMemory", "OOM") }
