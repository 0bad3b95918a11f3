package diagnose

import (
	"fmt"
	"strings"

	"berth/internal/diagnose/advice"
	"berth/internal/diagnose/reason"
	"berth/internal/live"
)

// unpulled finds why an image could not be pulled, or is none for its machine (ECS developer guide, "CannotPullContainer task
// errors in Amazon ECS"; the words behind are those of Docker and of registries).
func (s *scene) unpulled(found *causes, subject string, t *live.Task, c *live.Container, why string) bool {
	code := reason.Pull(strings.ToLower(why))
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

// imageTellers word what is wrong with images.
func imageTellers() map[string]teller {
	return map[string]teller{
		reason.NoImage: func(_ *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("image %s%s is not in its registry", c.about, c.of()),
				fmt.Sprintf("push it, or give \"image\"%s in taskdef.json a tag that exists, then deploy again; to see whether it is there: docker manifest inspect %s", c.of(), reason.Plain(c.about)), true
		},
		reason.NoAccess: func(_ *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("%s does not let the tasks pull image %s%s: the login is missing or wrong, or there is no such repository", reason.Registry(c.about), c.about, c.of()),
				advice.Access(c.about), true
		},
		reason.RateLimit: func(_ *scene, c *cause) (string, string, bool) {
			host := reason.Registry(c.about)
			return fmt.Sprintf("%s has had too many pulls from these addresses and refuses image %s%s for now", host, c.about, c.of()),
				fmt.Sprintf("log in, which raises the limit: registries = { %q = { username = \"…\", password_env = \"…\" } } in ecs.tfvars and repositoryCredentials in taskdef.json; or copy the image to Amazon ECR", host), false
		},
		reason.OtherArch: func(s *scene, c *cause) (string, string, bool) {
			s.archOf(c)
			return fmt.Sprintf("image %s%s is built for another processor than the instance has", c.about, c.of()),
				fmt.Sprintf("build it for both, docker buildx build --platform linux/amd64,linux/arm64 -t %s --push ., or constrain the service to attribute:ecs.cpu-architecture", reason.Plain(c.about)), true
		},
		reason.NoRegistry: func(_ *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("the instances have no way to %s, which has image %s%s", reason.Registry(c.about), c.about, c.of()),
				"check from an instance: curl -sS https://" + reason.Registry(c.about) + "/v2/; what may be missing is the NAT gateway of the zone (nat in ecs.tfvars), a VPC endpoint (vpc_endpoints), or a name server that knows the host", false
		},
		reason.DiskFull: func(_ *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("the disk of the instance is full, so image %s%s cannot be unpacked", c.about, c.of()),
				"free it now with docker system prune -af on the instance; for good, a larger disk (volume = { size_gib = 100 } in ecs.tfvars) or smaller images", false
		},
		reason.BadImage: func(_ *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("%q%s is no name of an image", c.about, c.of()),
				"write it as registry/repository:tag or registry/repository@sha256:digest, in lower case and without https://, then deploy again", true
		},
		reason.PullUnclear: func(_ *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("image %s%s could not be pulled, for a reason that berth does not know", c.about, c.of()),
				"pull it by hand on an instance, where Docker says more: docker pull " + reason.Plain(c.about), false
		},
	}
}

// of says in which container, where that is known.
func (c *cause) of() string {
	if c.name == "" {
		return ""
	}
	return " of container " + c.name
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
