package shape

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/model"
)

// BalanceTags are the tags of an Application Load Balancer, a listener or a target group as ours.
func BalanceTags(tags []types.Tag) model.Tags {
	out := make([]model.Tag, len(tags))
	for i, t := range tags {
		out[i] = model.Tag{Key: aws.ToString(t.Key), Value: aws.ToString(t.Value)}
	}
	return model.NewTags(out...)
}

// Owned picks the attributes that berth looks after.
func Owned[A any](names []string, attributes []A, read func(A) (key, value *string)) model.Settings {
	var out []model.Setting
	for _, a := range attributes {
		if key, value := read(a); slices.Contains(names, aws.ToString(key)) {
			out = append(out, model.Setting{Name: *key, Value: aws.ToString(value)})
		}
	}
	return model.NewSettings(out...)
}

// BalancerOf is the file's name of the load balancer that a key is about; of a listener's key too.
func BalancerOf(k model.Key) string {
	name, _, _ := strings.Cut(k.Name, "#")
	name, _, _ = strings.Cut(name, "/")
	if model.LoadBalancerKey("").Name == name {
		return ""
	}
	return name
}

// AccessLogs are the bucket and prefix of access logs that are on; AWS keeps both when they are turned off.
func AccessLogs(attributes []types.LoadBalancerAttribute) string {
	const on, bucket, prefix = "access_logs.s3.enabled", "access_logs.s3.bucket", "access_logs.s3.prefix"
	logs := Owned([]string{on, bucket, prefix}, attributes, func(a types.LoadBalancerAttribute) (key, value *string) { return a.Key, a.Value })
	if logs.Get(on) != "true" {
		return ""
	}
	return strings.TrimSuffix(logs.Get(bucket)+"/"+logs.Get(prefix), "/")
}

// BalancerHandle tells how a load balancer is reached and how far AWS is with it.
func BalancerHandle(b types.LoadBalancer) model.Handle {
	h := model.Handle{ID: aws.ToString(b.LoadBalancerArn), ARN: aws.ToString(b.LoadBalancerArn), Address: aws.ToString(b.DNSName)}
	if b.State == nil {
		return h
	}
	h.Reason = aws.ToString(b.State.Reason)
	switch b.State.Code {
	case types.LoadBalancerStateEnumActive:
	case types.LoadBalancerStateEnumProvisioning:
		h.Status, h.Reason = model.Pending, cmp.Or(h.Reason, "AWS is setting it up")
	case types.LoadBalancerStateEnumFailed:
		h.Status, h.Reason = model.Failed, cmp.Or(h.Reason, "AWS could not set it up")
	case types.LoadBalancerStateEnumActiveImpaired:
		h.Reason = cmp.Or(h.Reason, "AWS cannot scale it as it should")
	}
	return h
}

// ZoneSubnets are the subnets of a load balancer in the order of their zones.
func ZoneSubnets(key Keys, zones []types.AvailabilityZone) []model.Key {
	zones = slices.SortedFunc(slices.Values(zones), func(a, b types.AvailabilityZone) int {
		return strings.Compare(aws.ToString(a.ZoneName), aws.ToString(b.ZoneName))
	})
	out := make([]model.Key, len(zones))
	for i, z := range zones {
		out[i] = key(aws.ToString(z.SubnetId))
	}
	return out
}

// FrontOfARN is how a load balancer's interfaces name it: what its ARN ends in.
func FrontOfARN(arn string) string {
	_, front, _ := strings.Cut(arn, ":loadbalancer/")
	return front
}
