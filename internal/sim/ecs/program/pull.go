package program

import (
	"fmt"
	"hash/fnv"
	"strings"
)

// What keeps an image from being pulled; the last one keeps it from being started.
const (
	Missing      = "missing"
	Unauthorized = "unauthorized"
	RateLimited  = "ratelimited"
	Unreachable  = "unreachable"
	DiskFull     = "disk-full"
	WrongArch    = "wrong-arch"
)

// Outage tells whether a word is what keeps an image from being pulled.
func Outage(kind string) bool {
	return kind == Missing || kind == Unauthorized || kind == RateLimited || kind == Unreachable || kind == DiskFull
}

// Reason is what the agent says when an image cannot be pulled or started (ECS developer guide, "CannotPullContainer task
// errors in Amazon ECS"; the words after the colon are Docker's).
func Reason(kind, image string) string {
	const pull = "CannotPullContainerError: Error response from daemon: "
	name := Name(image)
	switch kind {
	case Unauthorized:
		return pull + "pull access denied for " + repository(name) + ", repository does not exist or may require 'docker login': " +
			"denied: requested access to the resource is denied"
	case RateLimited:
		return pull + "toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating and upgrading: " +
			"https://www.docker.com/increase-rate-limit"
	case Unreachable:
		return pull + `Get "https://` + Host(name) + `/v2/": net/http: request canceled while waiting for connection ` +
			"(Client.Timeout exceeded while awaiting headers)"
	case DiskFull:
		return "CannotPullContainerError: write /var/lib/docker/tmp/GetImageBlob" + blob(name) + ": no space left on device"
	case WrongArch:
		return "CannotStartContainerError: Error response from daemon: failed to create task for container: failed to create shim task: " +
			`OCI runtime create failed: runc create failed: unable to start container process: exec: "/server": exec format error: unknown`
	}
	return pull + "manifest for " + name + " not found: manifest unknown: Requested image not found"
}

// blob is the number that Docker gives the file into which it pulls an image's layer.
func blob(name string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name)) // a hash takes everything
	return fmt.Sprintf("%09d", h.Sum32()%1_000_000_000)
}

// repository is an image's name without tag and digest.
func repository(name string) string {
	name, _, _ = strings.Cut(name, "@")
	if at := strings.LastIndex(name, ":"); at > strings.LastIndex(name, "/") {
		name = name[:at]
	}
	return name
}

// Host is the registry of an image; Docker Hub's unless the name begins with another one.
func Host(name string) string {
	first, _, more := strings.Cut(name, "/")
	if more && strings.ContainsAny(first, ".:") {
		return first
	}
	return "registry-1.docker.io"
}
