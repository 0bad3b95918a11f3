package service

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elbv1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"berth/internal/cloud"
	"berth/internal/deploy/verify"
	"berth/internal/document"
	"berth/internal/observe/fetch"
	"berth/internal/observe/service/seen"
	"berth/internal/observe/shape"
)

// errAbsent is an answer that leaves out what was asked for.
var errAbsent = errors.New("it is not there")

func ecsRunning() *ecs.ListTasksInput {
	return &ecs.ListTasksInput{DesiredStatus: types.DesiredStatusRunning}
}

// secret looks whether a secret is there. Its value is not read; one that waits for its deletion is gone.
func (v *viewing) secret(w verify.Want) fetch.Call {
	return func(ctx context.Context) error {
		out, err := cloud.Read(ctx, v.c, v.c.Secrets.DescribeSecret, &secretsmanager.DescribeSecretInput{SecretId: aws.String(w.Name)})
		if err == nil && out.DeletedDate != nil {
			err = errAbsent
		}
		return v.note(w, err)
	}
}

// role looks at a role and whom it trusts.
func (v *viewing) role(w verify.Want) fetch.Call {
	return func(ctx context.Context) error {
		out, err := cloud.Read(ctx, v.c, v.c.IAM.GetRole, &iam.GetRoleInput{RoleName: aws.String(last(w.Name))})
		switch {
		case err == nil && strings.HasPrefix(w.Name, "arn:") && aws.ToString(out.Role.Arn) != w.Name:
			err = errAbsent // another one of that name, with another path
		case err == nil:
			v.Lock()
			v.out.Roles = append(v.out.Roles, verify.Role{ARN: w.Name, Trusts: trusts(aws.ToString(out.Role.AssumeRolePolicyDocument))})
			v.Unlock()
		}
		return v.note(w, err)
	}
}

// trusts tells whether a trust policy lets ECS tasks take the role on; of one that cannot be read it is assumed.
func trusts(policy string) bool {
	text, err := document.Parse("", []byte(shape.PolicyText(aws.String(policy))))
	if err != nil {
		return true
	}
	return slices.ContainsFunc(list(text.Get("Statement")), func(s document.Value) bool {
		who := s.Get("Principal")
		all := append(list(who.Get("Service")), who)
		return s.Get("Effect").Text == "Allow" && slices.ContainsFunc(all, func(p document.Value) bool { return p.Text == "ecs-tasks.amazonaws.com" || p.Text == "*" })
	})
}

// list is what a policy may write as one or as several.
func list(v document.Value) []document.Value {
	switch {
	case v.Kind == document.List:
		return v.Items
	case v.There():
		return []document.Value{v}
	}
	return nil
}

// target looks at a target group and how long it keeps tasks that leave.
func (v *viewing) target(w verify.Want) fetch.Call {
	return func(ctx context.Context) error {
		out, err := cloud.Read(ctx, v.c, v.c.Balance.DescribeTargetGroups, &elbv2.DescribeTargetGroupsInput{TargetGroupArns: []string{w.Name}})
		if err != nil || len(out.TargetGroups) == 0 {
			return v.note(w, orAbsent(err))
		}
		g := out.TargetGroups[0]
		one := verify.TargetGroup{
			ARN: w.Name, Name: aws.ToString(g.TargetGroupName), Type: string(g.TargetType), VPC: aws.ToString(g.VpcId), Protocol: string(g.Protocol),
			Used: len(g.LoadBalancerArns) > 0, Check: seen.Check(g),
		}
		more, err := cloud.Read(ctx, v.c, v.c.Balance.DescribeTargetGroupAttributes, &elbv2.DescribeTargetGroupAttributesInput{TargetGroupArn: aws.String(w.Name)})
		if err != nil {
			return v.note(w, err)
		}
		for _, a := range more.Attributes {
			if aws.ToString(a.Key) == "deregistration_delay.timeout_seconds" {
				one.Delay, _ = strconv.Atoi(aws.ToString(a.Value)) // AWS writes a number
			}
		}
		v.Lock()
		v.out.Targets = append(v.out.Targets, one)
		v.Unlock()
		return v.note(w, nil)
	}
}

func (v *viewing) classic(w verify.Want) fetch.Call {
	return func(ctx context.Context) error {
		out, err := cloud.Read(ctx, v.c, v.c.Classic.DescribeLoadBalancers, &elbv1.DescribeLoadBalancersInput{LoadBalancerNames: []string{w.Name}})
		if err != nil || len(out.LoadBalancerDescriptions) == 0 {
			return v.note(w, orAbsent(err))
		}
		one := verify.Classic{Name: w.Name}
		for _, l := range out.LoadBalancerDescriptions[0].ListenerDescriptions {
			if l.Listener != nil {
				one.Ports = append(one.Ports, int(aws.ToInt32(l.Listener.InstancePort)))
			}
		}
		slices.Sort(one.Ports)
		one.Ports = slices.Compact(one.Ports)
		v.Lock()
		v.out.Classic = append(v.out.Classic, one)
		v.Unlock()
		return v.note(w, nil)
	}
}

func orAbsent(err error) error {
	if err == nil {
		return errAbsent
	}
	return err
}

// parameters looks which parameters are there, by their names or ARNs. No value is read.
func (v *viewing) parameters(ctx context.Context, wanted []string) (map[string]bool, error) {
	found := map[string]bool{}
	for some := range slices.Chunk(wanted, parametersEach) {
		var names []string
		for _, w := range some {
			names = append(names, parameterNames(w)...)
		}
		in := &ssm.DescribeParametersInput{ParameterFilters: []ssmtypes.ParameterStringFilter{{Key: aws.String("Name"), Option: aws.String("Equals"), Values: names}}}
		for {
			out, err := cloud.Read(ctx, v.c, v.c.SSM.DescribeParameters, in)
			if err != nil {
				return nil, err
			}
			for _, p := range out.Parameters {
				for _, w := range some {
					found[w] = found[w] || slices.Contains(parameterNames(w), aws.ToString(p.Name))
				}
			}
			if !fetch.More(out.NextToken, &in.NextToken) {
				break
			}
		}
	}
	return found, nil
}

// parametersEach is how many parameters are asked for at once: a filter takes 50 values (Systems Manager API reference,
// ParameterStringFilter), and an ARN does not tell whether the name begins with a slash.
const parametersEach = 25

func parameterNames(wanted string) []string {
	_, path, isARN := strings.Cut(wanted, ":parameter/")
	if !isARN {
		return []string{wanted}
	}
	return []string{path, "/" + path}
}

func (v *viewing) subnets(ctx context.Context, ids []string) (map[string]bool, error) {
	found := map[string]bool{}
	in := &ec2.DescribeSubnetsInput{Filters: []ec2types.Filter{{Name: aws.String("subnet-id"), Values: ids}}}
	return found, fetch.Pages(v, v.c.EC2.DescribeSubnets, in, func(in *ec2.DescribeSubnetsInput, out *ec2.DescribeSubnetsOutput) bool {
		for _, s := range out.Subnets {
			found[aws.ToString(s.SubnetId)] = true
			v.out.Subnets = append(v.out.Subnets, verify.Subnet{ID: aws.ToString(s.SubnetId), Zone: aws.ToString(s.AvailabilityZone), VPC: aws.ToString(s.VpcId)})
		}
		return fetch.More(out.NextToken, &in.NextToken)
	})(ctx)
}

func (v *viewing) guards(ctx context.Context, ids []string) (map[string]bool, error) {
	found := map[string]bool{}
	in := &ec2.DescribeSecurityGroupsInput{Filters: []ec2types.Filter{{Name: aws.String("group-id"), Values: ids}}}
	return found, fetch.Pages(v, v.c.EC2.DescribeSecurityGroups, in, func(in *ec2.DescribeSecurityGroupsInput, out *ec2.DescribeSecurityGroupsOutput) bool {
		for _, g := range out.SecurityGroups {
			found[aws.ToString(g.GroupId)] = true
			v.out.Guards = append(v.out.Guards, verify.Guard{ID: aws.ToString(g.GroupId), VPC: aws.ToString(g.VpcId)})
		}
		return fetch.More(out.NextToken, &in.NextToken)
	})(ctx)
}
