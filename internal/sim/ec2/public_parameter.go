package ec2

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// PublicParameter is a parameter that AWS publishes in Systems Manager about an image.
type PublicParameter struct {
	Name, Value string
	Version     int64
	Modified    time.Time
}

// PublicParameters are the parameters of a region's images as they stand at a moment, by name.
func PublicParameters(region string, at time.Time) []PublicParameter {
	newest := newestRelease(at)
	var out []PublicParameter
	for i := range Images(region, at) {
		recommended := i.Release.Ordinal == newest
		if i.line.bottlerocket() {
			out = append(out, i.bottlerocketParameters(recommended)...)
		} else {
			out = append(out, i.ecsParameters(recommended)...)
		}
	}
	slices.SortFunc(out, func(a, b PublicParameter) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// FindPublicParameter looks a parameter up by its full name.
func FindPublicParameter(region, name string, at time.Time) (PublicParameter, bool) {
	all := PublicParameters(region, at)
	i := slices.IndexFunc(all, func(p PublicParameter) bool { return p.Name == name })
	if i < 0 {
		return PublicParameter{}, false
	}
	return all[i], true
}

// parameterText is the value of "recommended"; AWS orders its members by name.
type parameterText struct {
	Agent   string `json:"ecs_agent_version"`
	Runtime string `json:"ecs_runtime_version"`
	ID      string `json:"image_id"`
	Name    string `json:"image_name"`
	Version string `json:"image_version"`
	System  string `json:"os"`
	Schema  int    `json:"schema_version"`
	Source  string `json:"source_image_name"`
}

// ecsParameters are an ECS-optimized image's: the JSON under its own name and, if it is the newest, under
// "recommended", and every member of it on its own below that.
func (i Image) ecsParameters(recommended bool) []PublicParameter {
	t := parameterText{
		Agent: i.Release.AgentVersion, Runtime: "Docker version " + i.Release.DockerVersion,
		ID: i.ID, Name: i.Name, Version: i.Release.Version, System: i.System(), Schema: 1, Source: i.Release.SourceName,
	}
	text, _ := json.Marshal(t) // strings and a number never fail
	values := []PublicParameter{
		{Value: string(text)},
		{Name: "/ecs_agent_version", Value: t.Agent},
		{Name: "/ecs_runtime_version", Value: t.Runtime},
		{Name: "/image_id", Value: t.ID},
		{Name: "/image_name", Value: t.Name},
		{Name: "/image_version", Value: t.Version},
		{Name: "/os", Value: t.System},
		{Name: "/schema_version", Value: "1"},
		{Name: "/source_image_name", Value: t.Source},
	}
	return i.publish(values, "recommended", []string{i.Name}, recommended)
}

func (i Image) bottlerocketParameters(latest bool) []PublicParameter {
	values := []PublicParameter{
		{Name: "/image_id", Value: i.ID},
		{Name: "/image_version", Value: i.Release.Version},
	}
	return i.publish(values, "latest", []string{i.Release.BottlerocketVersion, i.Release.Version}, latest)
}

// publish puts values under the image's own names and, for the newest image, under the alias too, whose version counts
// the releases.
func (i Image) publish(values []PublicParameter, alias string, names []string, newest bool) []PublicParameter {
	var out []PublicParameter
	add := func(name string, version int) {
		for _, v := range values {
			v.Name = i.Path() + "/" + name + v.Name
			v.Version, v.Modified = int64(version), i.Published
			out = append(out, v)
		}
	}
	for _, name := range names {
		add(name, 1)
	}
	if newest {
		add(alias, 61+i.Release.Ordinal)
	}
	return out
}
