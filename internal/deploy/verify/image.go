package verify

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/document"
	"berth/internal/placement"
)

// images looks at what the registries said.
func (c *checker) images() {
	for _, one := range c.order.Definition.Get("containerDefinitions").Items {
		image := one.Get("image")
		answer, asked := c.facts.Images[image.Text]
		if !asked {
			continue
		}
		f := Finding{At: image.At}
		switch answer.State {
		case "there":
			c.architecture(image, answer)
			continue
		case "missing":
			f.Code, f.Severity = "DEP101", Error
			f.Text = fmt.Sprintf("the registry has no image %s: %s", image.Text, answer.Note)
			f.Fix = "push it, or correct the name: no task of this revision can start before"
		case "denied":
			c.denied(f, one, answer)
			continue
		case "ratelimited":
			f.Code, f.Severity = "DEP104", Info
			f.Text = fmt.Sprintf("the registry of %s takes no more requests from here just now: whether the image is there is not known", image.Text)
			f.Fix = "instances that pull from their own addresses have limits of their own; a login, or a registry in AWS, has larger ones"
		default:
			f.Code, f.Severity = "DEP105", Info
			f.Text = fmt.Sprintf("the registry of %s could not be asked: %s", image.Text, answer.Note)
		}
		c.add(f)
	}
}

// denied is a registry that lets nobody in, or not this one. Registries do not tell strangers what is missing from what is private.
func (c *checker) denied(f Finding, container document.Value, answer Image) {
	name := container.Get("image").Text
	credentials := container.Get("repositoryCredentials", "credentialsParameter").Text != ""
	switch {
	case credentials && !answer.LoggedIn:
		f.Code, f.Severity = "DEP105", Info
		f.Text = fmt.Sprintf("%s is private, and no login for its registry is at hand here: whether the image is there is not known", name)
		f.Fix = "set the variable or file that the registry's password comes from in ecs.tfvars"
	case answer.LoggedIn:
		f.Code, f.Severity = "DEP102", Warning
		f.Text = fmt.Sprintf("the registry does not give %s to this login: it is not there, or the login may not read it", name)
		f.Fix = "look for the repository and the tag, and at what the login may read; the tasks may have another one"
	default:
		f.Code, f.Severity = "DEP102", Warning
		f.Text = fmt.Sprintf("the registry does not give %s to strangers: it is private or not there, and the container has no login", name)
		f.Fix = "correct the name, or name the registry in registries of ecs.tfvars, after which every deployment puts the login in"
	}
	c.add(f)
}

// architecture looks for instances that the service may be on and the image is not for.
func (c *checker) architecture(image document.Value, answer Image) {
	if len(answer.Platforms) == 0 {
		return
	}
	suited, kinds := 0, map[string]int{}
	for _, i := range c.possible() {
		platform := "linux/" + strings.NewReplacer("x86_64", "amd64").Replace(i.Attributes["ecs.cpu-architecture"])
		if slices.Contains(answer.Platforms, platform) {
			suited++
		} else if platform != "linux/" {
			kinds[platform]++
		}
	}
	if len(kinds) == 0 {
		return
	}
	var of []string
	wrong := 0
	for k, n := range kinds { // unordered: sorted below
		of, wrong = append(of, k), wrong+n
	}
	slices.Sort(of)
	f := Finding{
		Code: "DEP103", Severity: Error, At: image.At,
		Text: fmt.Sprintf("%s is for %s, and of the %d instances that the tasks may be on %d are %s", image.Text, strings.Join(answer.Platforms, ", "), suited+wrong, wrong, strings.Join(of, ", ")),
		Fix:  `build the image for both (docker buildx build --platform linux/amd64,linux/arm64), or say which instances: "runtimePlatform": { "cpuArchitecture": "` + architectureOf(answer) + `" }`,
	}
	if suited > 0 {
		f.Severity = Warning
	}
	c.add(f)
}

// architectureOf is the first architecture of an image as ECS calls it.
func architectureOf(a Image) string {
	if strings.HasSuffix(a.Platforms[0], "/arm64") {
		return "ARM64"
	}
	return "X86_64"
}

// possible are the instances that could have the task, were they empty.
func (c *checker) possible() []instance {
	if !c.facts.Cluster {
		return nil
	}
	site := placement.SiteOf(c.facts.Found)
	judge := placement.NewJudge(c.demand(), site)
	var out []instance
	for n := range site.Instances {
		if i := &site.Instances[n]; i.ARN != "" && placement.Possible(judge.Lacks(i)) {
			out = append(out, *i)
		}
	}
	return out
}
