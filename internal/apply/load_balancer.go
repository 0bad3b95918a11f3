package apply

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

// deletionProtection is the attribute that AWS refuses a deletion for.
const deletionProtection = "deletion_protection.enabled"

func loadBalancerEntry() entry {
	return typed(createLoadBalancer, updateLoadBalancer, deleteLoadBalancer)
}

// createLoadBalancer may be repeated: AWS answers an equal request of the same name with the load balancer that stands
// (ELB API reference, CreateLoadBalancer).
func createLoadBalancer(ctx context.Context, j *job, b model.LoadBalancer) (model.Handle, error) {
	out, err := cloud.Repeat(ctx, j.c, j.c.Balance.CreateLoadBalancer, &elbv2.CreateLoadBalancerInput{
		Name: aws.String(b.Name), Type: types.LoadBalancerTypeEnumApplication, IpAddressType: types.IpAddressTypeIpv4,
		Scheme: types.LoadBalancerSchemeEnum(b.Scheme), Subnets: j.ids(b.Subnets), SecurityGroups: j.ids(b.Groups), Tags: balanceTags(b.Tags),
	})
	if err != nil {
		return model.Handle{}, err
	}
	h := model.Handle{Status: model.Pending}
	for _, made := range out.LoadBalancers {
		h.ID, h.ARN, h.Address = aws.ToString(made.LoadBalancerArn), aws.ToString(made.LoadBalancerArn), aws.ToString(made.DNSName)
	}
	return h, j.setBalancer(ctx, h.ARN, slices.Concat(b.Settings, j.logging(b.AccessLogs)))
}

func updateLoadBalancer(ctx context.Context, j *job, b model.LoadBalancer) (model.Handle, error) {
	h := j.handle()
	if j.differs("subnets") {
		in := &elbv2.SetSubnetsInput{LoadBalancerArn: aws.String(h.ARN), Subnets: j.ids(b.Subnets)}
		if _, err := cloud.Repeat(ctx, j.c, j.c.Balance.SetSubnets, in); err != nil {
			return h, err
		}
	}
	if j.differs("security_groups") {
		in := &elbv2.SetSecurityGroupsInput{LoadBalancerArn: aws.String(h.ARN), SecurityGroups: j.ids(b.Groups)}
		if _, err := cloud.Repeat(ctx, j.c, j.c.Balance.SetSecurityGroups, in); err != nil {
			return h, err
		}
	}
	if err := j.setBalancer(ctx, h.ARN, slices.Concat(j.changed(b.Settings), j.logging(b.AccessLogs))); err != nil {
		return h, err
	}
	return h, j.retagBalance(ctx, h.ARN, j.change.From.(model.LoadBalancer).Tags, b.Tags)
}

// deleteLoadBalancer lowers the deletion protection first. It is asked for also when the load balancer seems gone but
// for its interfaces: AWS may have shown old news.
func deleteLoadBalancer(ctx context.Context, j *job, b model.LoadBalancer) (model.Handle, error) {
	h := j.handle()
	if b.Settings.Get(deletionProtection) != "false" {
		if err := gone(j.setBalancer(ctx, h.ARN, model.Settings{{Name: deletionProtection, Value: "false"}})); err != nil {
			return h, err
		}
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.Balance.DeleteLoadBalancer, &elbv2.DeleteLoadBalancerInput{LoadBalancerArn: aws.String(h.ARN)})
	if err = gone(err); err != nil {
		return h, err
	}
	h.Status = model.Leaving
	return h, nil
}

// logging are the settings for access logs, where they change; a new load balancer has none.
func (j *job) logging(to string) model.Settings {
	switch {
	case to == "" && j.differs("access_logs"):
		return model.Settings{{Name: "access_logs.s3.enabled", Value: "false"}}
	case to == "", j.change.From != nil && !j.differs("access_logs"):
		return nil
	}
	bucket, prefix, _ := strings.Cut(to, "/")
	return model.Settings{
		{Name: "access_logs.s3.enabled", Value: "true"}, {Name: "access_logs.s3.bucket", Value: bucket}, {Name: "access_logs.s3.prefix", Value: prefix},
	}
}

func (j *job) setBalancer(ctx context.Context, arn string, settings model.Settings) error {
	if len(settings) == 0 {
		return nil
	}
	in := &elbv2.ModifyLoadBalancerAttributesInput{LoadBalancerArn: aws.String(arn)}
	for _, s := range settings {
		in.Attributes = append(in.Attributes, types.LoadBalancerAttribute{Key: aws.String(s.Name), Value: aws.String(s.Value)})
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.Balance.ModifyLoadBalancerAttributes, in)
	return err
}
