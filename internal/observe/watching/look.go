package watching

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"berth/internal/cloud"
	"berth/internal/live"
	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/service"
	"berth/internal/observe/shape"
)

// Facts are what a capture does not hold and no event tells.
type Facts struct {
	Unconfirmed []model.Subscription // alerts whose receiver has not confirmed yet
	Absent      []model.Subscription // alerts that AWS does not know: nobody has subscribed them, or it has forgotten them
	Images      []Image              // that instances of the cluster's groups run, by group and id
}

// Image is an image that instances of a group run.
type Image struct {
	Group      string // Auto Scaling group
	ID         string
	Family     string    // "al2023", "al2", "bottlerocket"; empty: it bears none of AWS's names
	Deprecated time.Time // from when on AWS hides it from others than its owner; zero for never
	Gone       bool      // AWS has it no more: no instance can start from it
	Instances  int       // that run it
}

// look is a look under way.
type look struct {
	c     *cloud.Cloud
	calls int // so far, of those made here

	sync.Mutex // guards the answers while calls are under way
}

// Cloud is the cloud that is asked.
func (l *look) Cloud() *cloud.Cloud { return l.c }

// Look looks at everything in the cluster, for what no event tells: services with tasks, instances and targets, groups that cannot
// launch, alerts that nobody has confirmed, images. It makes no more than half of the calls that AWS allows, and says how many it
// has made.
func Look(ctx context.Context, c *cloud.Cloud, scope model.Scope, alerts []model.Subscription) (live.Capture, Facts, int, error) {
	found, err := service.Overview(ctx, c, scope, service.Breadth{Guards: true})
	if err != nil {
		return found, Facts{}, 0, err
	}
	l := &look{c: c, calls: cost(found)}
	var f Facts
	if _, err := l.subscriptions(ctx, scope, alerts, &f); err != nil {
		return found, f, l.calls, err
	}
	f.Images, err = l.images(ctx, found.Instances)
	return found, f, l.calls, err
}

// cost is about how many calls an overview has taken.
func cost(c live.Capture) int {
	pages := func(n, each int) int { return (n + each - 1) / each }
	checked := map[string]bool{}
	for _, t := range c.Targets {
		checked[t.Group] = true
	}
	n := 8 + pages(len(c.Services), 100) + pages(len(c.Services), 10) + 2*pages(len(c.Tasks), 100) + 2*pages(len(c.Instances), 100)
	return n + len(c.Groups) + len(checked) + pages(len(checked), 20) + len(c.Definitions) + 3*len(c.Deployments)
}

// subscriptions compares what AWS tells with whom the file wants told, and says whether there is a topic.
func (l *look) subscriptions(ctx context.Context, scope model.Scope, alerts []model.Subscription, f *Facts) (topic bool, err error) {
	if len(alerts) == 0 {
		return false, nil
	}
	known := map[string]bool{} // confirmed or not, by protocol and endpoint
	in := &sns.ListSubscriptionsByTopicInput{TopicArn: aws.String(scope.TopicARN())}
	read := fetch.UnlessMissing(fetch.Pages(l, l.c.SNS.ListSubscriptionsByTopic, in, func(in *sns.ListSubscriptionsByTopicInput, out *sns.ListSubscriptionsByTopicOutput) bool {
		l.calls++
		topic = true
		for _, s := range out.Subscriptions {
			h := model.SubscriptionHandle(aws.ToString(s.SubscriptionArn))
			if h.ID != "Deleted" { // AWS shows it for a while
				known[aws.ToString(s.Protocol)+" "+aws.ToString(s.Endpoint)] = h.Reason != model.Unconfirmed
			}
		}
		return fetch.More(out.NextToken, &in.NextToken)
	}))
	if err := read(ctx); err != nil || !topic {
		return topic, err
	}
	for _, a := range alerts {
		switch confirmed, subscribed := known[a.Protocol+" "+a.Endpoint]; {
		case !subscribed:
			f.Absent = append(f.Absent, a)
		case !confirmed:
			f.Unconfirmed = append(f.Unconfirmed, a)
		}
	}
	return true, nil
}

// each is how many instances one call describes.
const each = 500

// images are what the instances of groups run.
func (l *look) images(ctx context.Context, instances []live.Instance) ([]Image, error) {
	group := map[string]string{} // by the instance's id
	var ids []string
	for _, i := range instances {
		if i.Group != "" {
			group[i.ID] = i.Group
			ids = append(ids, i.ID)
		}
	}
	var found []Image
	for some := range slices.Chunk(ids, each) {
		in := &ec2.DescribeInstancesInput{InstanceIds: some}
		read := fetch.UnlessMissing(fetch.Pages(l, l.c.EC2.DescribeInstances, in, func(in *ec2.DescribeInstancesInput, out *ec2.DescribeInstancesOutput) bool {
			l.calls++
			for _, r := range out.Reservations {
				for _, i := range r.Instances {
					found = count(found, group[aws.ToString(i.InstanceId)], aws.ToString(i.ImageId))
				}
			}
			return fetch.More(out.NextToken, &in.NextToken)
		}))
		if err := read(ctx); err != nil { // that one has gone since is no error
			return nil, err
		}
	}
	return found, l.describe(ctx, found)
}

// count counts an instance of a group that runs an image.
func count(found []Image, group, id string) []Image {
	i := slices.IndexFunc(found, func(f Image) bool { return f.Group == group && f.ID == id })
	if i < 0 {
		return append(found, Image{Group: group, ID: id, Instances: 1})
	}
	found[i].Instances++
	return found
}

// describe asks what the images are: by filter, so that one that is gone is merely missing.
func (l *look) describe(ctx context.Context, found []Image) error {
	var ids []string
	for _, f := range found {
		ids = append(ids, f.ID)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if len(ids) == 0 {
		return nil
	}
	images := map[string]model.Image{}
	in := &ec2.DescribeImagesInput{Filters: []types.Filter{{Name: aws.String("image-id"), Values: ids}}, IncludeDeprecated: aws.Bool(true)}
	err := fetch.Pages(l, l.c.EC2.DescribeImages, in, func(in *ec2.DescribeImagesInput, out *ec2.DescribeImagesOutput) bool {
		l.calls++
		for _, d := range out.Images {
			i := model.Image{ID: aws.ToString(d.ImageId)}
			shape.Describe(&i, d, "")
			images[i.ID] = i
		}
		return fetch.More(out.NextToken, &in.NextToken)
	})(ctx)
	for n := range found {
		f := &found[n]
		i, there := images[f.ID]
		f.Gone, f.Deprecated = !there, i.Deprecated
		f.Family, _ = i.Kind()
	}
	return err
}
