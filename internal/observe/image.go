package observe

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

type imageAnswers struct {
	recommended map[string]string      // image id by what it is for
	described   map[string]types.Image // by id
}

// imageRow finds the image of every group: the given one, the one that its template has already, or the one that AWS
// recommends. The third round describes them all at once, for the templates come in the second.
func imageRow() row {
	return row{rounds: []func(*look) []call{recommendedCalls, nothing, imageCalls}, fold: noResources}
}

// origin is how a template remembers what its image was resolved for.
func origin(g Group) string {
	if g.AMI != "" {
		return "given"
	}
	return purpose(g).String()
}

// purpose is what a group's image is for.
func purpose(g Group) shape.Purpose {
	return shape.Purpose{Family: g.Family, Arch: g.Arch, Accelerator: g.Accelerator}
}

// mostParameters is how many parameters one call reads (Systems Manager API reference, GetParameters).
const mostParameters = 10

func recommendedCalls(l *look) []call {
	l.recommended = map[string]string{}
	wanted := map[string]string{}
	for _, g := range l.ask.Groups {
		wanted[purpose(g).Parameter()] = purpose(g).String()
	}
	var calls []call
	for names := range slices.Chunk(slices.Sorted(maps.Keys(wanted)), mostParameters) {
		calls = append(calls, fetch.Get(l, l.c.SSM.GetParameters, &ssm.GetParametersInput{Names: names}, func(out *ssm.GetParametersOutput) {
			for _, p := range out.Parameters {
				l.recommended[wanted[aws.ToString(p.Name)]] = shape.Recommendation(aws.ToString(p.Value))
			}
		}))
	}
	return calls
}

// choice is the image of a group, as far as its id goes.
func (l *look) choice(g Group) model.Image {
	out := model.Image{ID: g.AMI, Origin: origin(g), Newest: l.recommended[purpose(g).String()]}
	if out.ID != "" {
		return out
	}
	if has := l.templateImage(g); has != "" {
		out.ID, out.Kept = has, true
		return out
	}
	out.ID = out.Newest
	return out
}

// templateImage is the image that was once resolved for the group's template, when that was for the same family and
// architecture; else empty. The template's tag remembers it: another image in the template is somebody's doing.
func (l *look) templateImage(g Group) string {
	for _, t := range l.templates {
		k, ours := l.templateKey(t)
		content := l.versions[aws.ToString(t.LaunchTemplateId)][l.newest(t)]
		if !ours || k != model.TemplateKey(g.Name) || content == nil {
			continue
		}
		tag, remembered := shape.EC2Tags(t.Tags).Lookup(model.TagAMI)
		made, id, _ := strings.Cut(tag, " ")
		if !remembered {
			made, id = origin(g), aws.ToString(content.ImageId)
		}
		if made == origin(g) && strings.HasPrefix(id, "ami-") {
			return id
		}
	}
	return ""
}

// imageCalls describe the images of all groups in one call, by filter, so that one that does not exist is merely
// missing. Deprecated images count: they can still be launched.
func imageCalls(l *look) []call {
	l.described = map[string]types.Image{}
	var ids []string
	for _, g := range l.ask.Groups {
		if id := l.choice(g).ID; id != "" {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	check := func(context.Context) error { return l.unresolved() }
	if len(ids) == 0 {
		return []call{check}
	}
	in := &ec2.DescribeImagesInput{Filters: []types.Filter{filter("image-id", ids...)}, IncludeDeprecated: aws.Bool(true)}
	ask := fetch.Pages(l, l.c.EC2.DescribeImages, in, func(in *ec2.DescribeImagesInput, out *ec2.DescribeImagesOutput) bool {
		for _, i := range out.Images {
			l.described[aws.ToString(i.ImageId)] = i
		}
		return fetch.More(out.NextToken, &in.NextToken)
	})
	return []call{func(ctx context.Context) error {
		if err := ask(ctx); err != nil {
			return err
		}
		return check(ctx)
	}}
}

// unresolved says which group needs a recommended image that AWS does not have.
func (l *look) unresolved() error {
	for _, g := range l.ask.Groups {
		c := l.choice(g)
		if c.ID == "" {
			return fmt.Errorf("AWS recommends no image for group %s: there is no parameter %s", g.Name, purpose(g).Parameter())
		}
		if _, there := l.described[c.ID]; !there && !c.Kept && g.AMI == "" {
			return fmt.Errorf("the image %s that AWS recommends for group %s in %s does not exist", c.ID, g.Name, purpose(g).Parameter())
		}
	}
	return nil
}

// images are the images by group. One that was kept but that AWS has deregistered is told by its template.
func (l *look) images() map[string]model.Image {
	out := map[string]model.Image{}
	for _, g := range l.ask.Groups {
		i := l.choice(g)
		d, there := l.described[i.ID]
		switch {
		case there:
			shape.Describe(&i, d, g.Family)
			i.Private = !aws.ToBool(d.Public) && aws.ToString(d.OwnerId) != l.scope.Account
		case i.Kept:
			t, _ := model.Find[model.LaunchTemplate](&l.inv.Set, model.TemplateKey(g.Name))
			i.Device, i.MinGiB, i.Arch = t.Content.Volume.Device, t.Content.Volume.GiB, g.Arch
			i.System, i.SystemGiB = t.Content.SystemVolume.Device, t.Content.SystemVolume.GiB
		default:
			i.Missing = true
		}
		out[g.Name] = i
	}
	return out
}
