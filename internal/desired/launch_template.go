package desired

import (
	"berth/internal/config"
	"berth/internal/model"
)

func (b *builder) templates() []model.Resource {
	var out []model.Resource
	for _, g := range b.c.Groups {
		out = append(out, b.template(g))
	}
	return out
}

func (b *builder) template(g config.Group) model.LaunchTemplate {
	tags := b.tags(model.TemplateKey(g.Name))
	if image := b.facts.Images[g.Name]; image.Origin != "" {
		tags = tags.With(model.TagAMI, image.Origin+" "+image.ID)
	}
	return model.LaunchTemplate{Group: g.Name, Name: b.scope.GroupName(g.Name), Content: b.launch(g), Tags: tags}
}

// launch is the content of a template. The instance type stands in the group, whose overrides decide; the template
// carries the first one so that it can be launched by hand.
func (b *builder) launch(g config.Group) model.Launch {
	return model.Launch{
		AMI: b.facts.Images[g.Name].ID, InstanceType: g.InstanceTypes[0], KeyName: g.KeyName, KeyPair: keyPairOf(g), Profile: model.ProfileKey(),
		SecurityGroups: []model.Key{model.InstanceGroupKey(g.Name)}, UserData: b.userData(g),
		Volume: b.volume(g), SystemVolume: b.systemVolume(g),
		HTTPTokens: "required", HTTPEndpoint: "enabled", HopLimit: 1, Monitoring: false,
		InstanceTags: b.instanceTags(g), VolumeTags: b.instanceTags(g),
	}
}

// instanceTags are what every instance and volume of a group carries. They are not resources of the plan, so they have
// no key.
func (b *builder) instanceTags(g config.Group) model.Tags {
	return b.withUserTags(model.NewTags(
		model.Tag{Key: model.TagName, Value: b.c.Environment + "_ecs_" + b.c.Cluster + "_" + g.Name},
		model.Tag{Key: model.TagEnvironment, Value: b.c.Environment},
		model.Tag{Key: model.TagCluster, Value: b.c.Cluster},
		model.Tag{Key: model.TagGroup, Value: g.Name},
	)).Without(model.TagUserTags)
}
