package diagnose

import (
	"fmt"
	"strings"

	"berth/internal/live"
)

// What is wrong with images.
const (
	noImage     = "WHY101"
	noAccess    = "WHY102"
	rateLimit   = "WHY103"
	otherArch   = "WHY104"
	noRegistry  = "WHY105"
	diskFull    = "WHY106"
	badImage    = "WHY107"
	pullUnclear = "WHY108"
)

// unpulled finds why an image could not be pulled, or is none for its machine (ECS developer guide, "CannotPullContainer task
// errors in Amazon ECS"; the words behind are those of Docker and of registries).
func (s *scene) unpulled(found *causes, subject string, t *live.Task, c *live.Container, why string) bool {
	code := pullCode(strings.ToLower(why))
	if code == "" {
		return false
	}
	x := found.add(code, subject, s.imageOf(t, c, why)).ends(t, why)
	if c != nil {
		x.name = c.Name
	}
	return true
}

// imageOf is the image that a reason is about: that of its container, or the one that it names.
func (s *scene) imageOf(t *live.Task, c *live.Container, why string) string {
	if c != nil {
		return c.Image
	}
	if len(t.Containers) == 1 {
		return t.Containers[0].Image
	}
	for _, one := range t.Containers {
		if name, _, _ := strings.Cut(one.Image, "?"); name != "" && strings.Contains(why, name) {
			return one.Image
		}
	}
	return "of task " + t.ID
}

// pullCode sorts the words of a failed pull, in lower case; empty: they are about something else.
func pullCode(why string) string {
	pull := says(why, "cannotpull", "error pulling image", "failed to pull image", "pull image manifest")
	switch {
	case says(why, "exec format error", "no matching manifest", "descriptor matching platform", "does not match the specified platform"):
		return otherArch
	case !pull:
		return ""
	case says(why, "no space left on device"):
		return diskFull
	case says(why, "toomanyrequests", "429 too many", "rate exceeded", "pull rate limit"):
		return rateLimit
	case says(why, "invalid reference format", "invalid repository name"):
		return badImage
	case says(why, "manifest unknown", "name unknown", "not found: manifest", "failed to resolve ref") && !says(why, "timeout", "dial tcp"),
		strings.HasSuffix(strings.TrimSpace(why), ": not found"):
		return noImage
	case says(why, "pull access denied", "denied:", "unauthorized", "403 forbidden", "accessdenied", "not authorized", "no basic auth credentials",
		"authentication required", "failed to authorize"):
		return noAccess
	case unreachable(why):
		return noRegistry
	}
	return pullUnclear
}

// unreachable tells whether words, in lower case, are those of a network without a way.
func unreachable(why string) bool {
	return says(why, "timeout", "timed out", "request canceled", "deadline exceeded", "dial tcp", "no such host", "connection refused", "connection reset",
		"network is unreachable", "no route to host", "send request failed", "eof")
}

// registryOf is the host of an image's registry.
func registryOf(image string) string {
	first, _, more := strings.Cut(image, "/")
	if more && (strings.ContainsAny(first, ".:") || first == "localhost") {
		return first
	}
	return "docker.io"
}

// imageTellers word what is wrong with images.
func imageTellers() map[string]teller {
	return map[string]teller{
		noImage: func(_ *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("image %s%s is not in its registry", c.about, c.of()),
				fmt.Sprintf("push it, or give \"image\"%s in taskdef.json a tag that exists, then deploy again; to see whether it is there: docker manifest inspect %s", c.of(), plain(c.about)), true
		},
		noAccess: func(_ *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("%s does not let the tasks pull image %s%s: the login is missing or wrong, or there is no such repository", registryOf(c.about), c.about, c.of()),
				accessFix(c.about), true
		},
		rateLimit: func(_ *scene, c *cause) (string, string, bool) {
			host := registryOf(c.about)
			return fmt.Sprintf("%s has had too many pulls from these addresses and refuses image %s%s for now", host, c.about, c.of()),
				fmt.Sprintf("log in, which raises the limit: registries = { %q = { username = \"…\", password_env = \"…\" } } in ecs.tfvars and repositoryCredentials in taskdef.json; or copy the image to Amazon ECR", host), false
		},
		otherArch: func(s *scene, c *cause) (string, string, bool) {
			s.archOf(c)
			return fmt.Sprintf("image %s%s is built for another processor than the instance has", c.about, c.of()),
				fmt.Sprintf("build it for both, docker buildx build --platform linux/amd64,linux/arm64 -t %s --push ., or constrain the service to attribute:ecs.cpu-architecture", plain(c.about)), true
		},
		noRegistry: func(_ *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("the instances have no way to %s, which has image %s%s", registryOf(c.about), c.about, c.of()),
				"check from an instance: curl -sS https://" + registryOf(c.about) + "/v2/; what may be missing is the NAT gateway of the zone (nat in ecs.tfvars), a VPC endpoint (vpc_endpoints), or a name server that knows the host", false
		},
		diskFull: func(_ *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("the disk of the instance is full, so image %s%s cannot be unpacked", c.about, c.of()),
				"free it now with docker system prune -af on the instance; for good, a larger disk (volume = { size_gib = 100 } in ecs.tfvars) or smaller images", false
		},
		badImage: func(_ *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("%q%s is no name of an image", c.about, c.of()),
				"write it as registry/repository:tag or registry/repository@sha256:digest, in lower case and without https://, then deploy again", true
		},
		pullUnclear: func(_ *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("image %s%s could not be pulled, for a reason that berth does not know", c.about, c.of()),
				"pull it by hand on an instance, where Docker says more: docker pull " + plain(c.about), false
		},
	}
}

// accessFix is how tasks get a login, which is another way for each registry.
func accessFix(image string) string {
	host := registryOf(image)
	if strings.Contains(host, ".dkr.ecr.") {
		return "attach AmazonEC2ContainerRegistryReadOnly to the task execution role, or for another account's repository allow this account in the repository's policy; and see whether the repository is there: aws ecr describe-repositories"
	}
	return fmt.Sprintf("give the registry a login, registries = { %q = { username = \"…\", password_env = \"…\" } } in ecs.tfvars, berth apply, and repositoryCredentials in taskdef.json; and see whether the repository's name is right", host)
}

// of says in which container, where that is known.
func (c *cause) of() string {
	if c.name == "" {
		return ""
	}
	return " of container " + c.name
}

// plain is an image's name without what a simulated one says of its program.
func plain(image string) string {
	name, _, _ := strings.Cut(image, "?")
	return name
}

// archOf notes the architectures of the instances that the tasks were on.
func (s *scene) archOf(c *cause) {
	for _, t := range c.tasks {
		if i := s.hosts[t.Instance]; i != nil && i.Attributes["ecs.cpu-architecture"] != "" {
			c.note("instance %s is %s, architecture %s", i.ID, i.Type, i.Attributes["ecs.cpu-architecture"])
			return
		}
	}
}
