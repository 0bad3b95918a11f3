package observe

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

type templateAnswers struct {
	templates     []types.LaunchTemplate
	versions      map[string]map[int]*types.ResponseLaunchTemplateData // by template id and number
	versionsAsked bool                                                 // templates and groups need the same versions
}

func templateRow() row {
	return row{model.KindTemplate, []func(*look) []call{
		func(l *look) []call { return append(groupCalls(l), l.templateCall(marked()...)) },
		func(l *look) []call { return append(versionCalls(l), l.namedTemplates()...) },
	}, foldTemplates}
}

func (l *look) templateCall(filters ...types.Filter) call {
	in := &ec2.DescribeLaunchTemplatesInput{Filters: filters}
	return fetch.Pages(l, l.c.EC2.DescribeLaunchTemplates, in, func(in *ec2.DescribeLaunchTemplatesInput, out *ec2.DescribeLaunchTemplatesOutput) bool {
		l.templates = append(l.templates, out.LaunchTemplates...)
		return fetch.More(out.NextToken, &in.NextToken)
	})
}

// namedTemplates asks by name for the templates of the file's groups that the tags did not find: what is there has no
// tag of ours and stands in the way.
func (l *look) namedTemplates() []call {
	var names []string
	for _, g := range l.ask.Groups {
		name := l.scope.GroupName(g.Name)
		if !slices.ContainsFunc(l.templates, func(t types.LaunchTemplate) bool { return aws.ToString(t.LaunchTemplateName) == name }) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return []call{l.templateCall(filter("launch-template-name", names...))}
}

// templateKey tells whether a template is ours, and which one.
func (l *look) templateKey(t types.LaunchTemplate) (model.Key, bool) {
	k, ok := l.mine(shape.EC2Tags(t.Tags), model.KindTemplate)
	if ok && k.IsZero() {
		k, ok = l.groupNamed(aws.ToString(t.LaunchTemplateName), model.TemplateKey)
	}
	return k, ok
}

// groupNamed turns the name of a group, or of its template, back into a key, where the key's tag was lost.
func (l *look) groupNamed(name string, key func(string) model.Key) (model.Key, bool) {
	for _, g := range l.ask.Groups {
		if l.scope.GroupName(g.Name) == name {
			return key(g.Name), true
		}
	}
	mark := l.scope.GroupName("")
	if len(name) > len(mark) && name[:len(mark)] == mark {
		return key(name[len(mark):]), true
	}
	return model.Key{}, false
}

// versionCalls asks for the versions that matter: of each of our templates the newest, the one that a group launches from, and
// those that its instances were launched from. One call for each template.
func versionCalls(l *look) []call {
	if l.versionsAsked {
		return nil
	}
	l.versionsAsked = true
	l.versions = map[string]map[int]*types.ResponseLaunchTemplateData{}
	var ids []string
	for _, t := range l.templates {
		if _, ok := l.templateKey(t); ok {
			ids = append(ids, aws.ToString(t.LaunchTemplateId))
		}
	}
	used := map[string][]string{}
	for _, g := range l.scaling {
		if _, ok := l.groupKey(g); !ok {
			continue
		}
		id, _ := shape.LaunchesFrom(g)
		used[id] = append(used[id], shape.Versions(g)...)
		if l.key(id).Kind == model.KindTemplate && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	var calls []call
	for _, id := range ids {
		versions := append([]string{"$Latest"}, used[id]...)
		slices.Sort(versions)
		calls = append(calls, fetch.Batches(slices.Compact(versions), mostVersions, func(some []string) call { return l.versionCall(id, some) })...)
	}
	return calls
}

// mostVersions is how many versions one call reads (EC2 API reference, DescribeLaunchTemplateVersions).
const mostVersions = 200

// versionCall asks for some versions. That one of them was deleted must not hide the others: a batch asks again, one by one.
func (l *look) versionCall(id string, versions []string) call {
	in := &ec2.DescribeLaunchTemplateVersionsInput{LaunchTemplateId: aws.String(id), Versions: versions}
	return fetch.Pages(l, l.c.EC2.DescribeLaunchTemplateVersions, in, func(in *ec2.DescribeLaunchTemplateVersionsInput, out *ec2.DescribeLaunchTemplateVersionsOutput) bool {
		if l.versions[id] == nil {
			l.versions[id] = map[int]*types.ResponseLaunchTemplateData{}
		}
		for _, v := range out.LaunchTemplateVersions {
			l.versions[id][int(aws.ToInt64(v.VersionNumber))] = v.LaunchTemplateData
		}
		return fetch.More(out.NextToken, &in.NextToken)
	})
}

// template is what was read of a launch template.
func (l *look) template(id string) shape.Template {
	out := shape.Template{Contents: map[int]model.Launch{}}
	for _, t := range l.templates {
		if aws.ToString(t.LaunchTemplateId) == id {
			out.Latest, out.Default = l.newest(t), int(aws.ToInt64(t.DefaultVersionNumber))
		}
	}
	for n, content := range l.versions[id] { // unordered: each goes to its own place
		out.Contents[n] = l.launch(content)
	}
	return out
}

func foldTemplates(l *look) {
	for _, t := range l.templates {
		id, name := aws.ToString(t.LaunchTemplateId), aws.ToString(t.LaunchTemplateName)
		k, ours := l.templateKey(t)
		if !ours {
			if place, wanted := l.groupNamed(name, model.TemplateKey); wanted {
				l.stray(place, id, "launch template "+name)
			}
			continue
		}
		latest := l.newest(t)
		l.add(model.LaunchTemplate{
			Group: k.Name, Name: name, Content: l.launch(l.versions[id][latest]), Tags: shape.EC2Tags(t.Tags).Own(),
			LatestVersion: latest, DefaultVersion: int(aws.ToInt64(t.DefaultVersionNumber)),
		}, model.Handle{ID: id, Version: latest})
	}
}

// launch reads the content of a version.
func (l *look) launch(d *types.ResponseLaunchTemplateData) model.Launch {
	return shape.Launch(l.key, l.inv.ID(model.ProfileKey()), d)
}

// newest is the highest version that was read; one may have come since the template was listed.
func (l *look) newest(t types.LaunchTemplate) int {
	latest := int(aws.ToInt64(t.LatestVersionNumber))
	for n := range l.versions[aws.ToString(t.LaunchTemplateId)] { // unordered: the highest of all
		latest = max(latest, n)
	}
	return latest
}
