// Package ami reads what is known of machine images: their names, ages, and the software in them.
//
// In: a cloud.Cloud and the ids of images. Out: a model.Release for each id. An image that AWS does not know any more says so; what
// AWS publishes of no image stays empty. It writes nothing and decides nothing.
package ami

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"berth/internal/cloud"
	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

// look is a look at images under way.
type look struct {
	c          *cloud.Cloud
	found      map[string]model.Release
	parameters map[string]string // ids by the name of the parameter that tells about them

	sync.Mutex // guards the answers while calls are under way
}

// Cloud is the cloud that is asked.
func (l *look) Cloud() *cloud.Cloud { return l.c }

const (
	mostImages     = 200 // values of one filter (EC2 API reference, DescribeImages)
	mostParameters = 10  // names in one call (Systems Manager API reference, GetParameters)
)

// Look reads what is known of images, by id.
func Look(ctx context.Context, c *cloud.Cloud, ids []string) (map[string]model.Release, error) {
	l := &look{c: c, found: map[string]model.Release{}, parameters: map[string]string{}}
	for _, id := range ids {
		l.found[id] = model.Release{ID: id, Missing: true}
	}
	for _, calls := range []func() []fetch.Call{l.images, l.software} {
		if err := errors.Join(cloud.Each(ctx, c, calls(), func(ctx context.Context, f fetch.Call) error { return f(ctx) })...); err != nil {
			return nil, err
		}
	}
	return l.found, nil
}

// images asks by filter, so that one that does not exist is merely missing.
func (l *look) images() []fetch.Call {
	var calls []fetch.Call
	for ids := range slices.Chunk(slices.Sorted(maps.Keys(l.found)), mostImages) {
		in := &ec2.DescribeImagesInput{Filters: []types.Filter{{Name: aws.String("image-id"), Values: ids}}, IncludeDeprecated: aws.Bool(true)}
		calls = append(calls, fetch.Pages(l, l.c.EC2.DescribeImages, in, func(in *ec2.DescribeImagesInput, out *ec2.DescribeImagesOutput) bool {
			for _, i := range out.Images {
				r := shape.Release(i)
				l.found[r.ID] = r
				if name := shape.Published(r.Name, string(i.Architecture)); name != "" {
					l.parameters[name] = r.ID
				}
			}
			return fetch.More(out.NextToken, &in.NextToken)
		}))
	}
	return calls
}

// software asks for the parameters of the images by their names; of those that are not there AWS says so in the answer.
func (l *look) software() []fetch.Call {
	var calls []fetch.Call
	for names := range slices.Chunk(slices.Sorted(maps.Keys(l.parameters)), mostParameters) {
		calls = append(calls, fetch.Get(l, l.c.SSM.GetParameters, &ssm.GetParametersInput{Names: names}, func(out *ssm.GetParametersOutput) {
			for _, p := range out.Parameters {
				r := l.found[l.parameters[aws.ToString(p.Name)]]
				shape.SetSoftware(&r, aws.ToString(p.Value))
				l.found[r.ID] = r
			}
		}))
	}
	return calls
}
