package ec2

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/ec2/network"
	"berth/internal/sim/world"
)

// DescribeInstanceStatus lists the status checks of running instances, or of all.
func DescribeInstanceStatus(c *world.Call, in *ec2.DescribeInstanceStatusInput) (*ec2.DescribeInstanceStatusOutput, error) {
	filters := in.Filters
	if !aws.ToBool(in.IncludeAllInstances) {
		filters = append([]types.Filter{{
			Name: aws.String("instance-state-name"), Values: []string{world.InstanceRunning},
		}}, filters...)
	}
	rows, next, err := instanceKind().List(c.Region, listing.Query[world.Instance]{
		IDs: in.InstanceIds, Filters: filters, Known: statusFields(),
		Page: listing.Paging{Max: in.MaxResults, Token: in.NextToken},
	})
	if err != nil {
		return nil, err
	}
	out := listing.Each(rows, func(i *world.Instance) types.InstanceStatus { return statusOut(c.Region, i) })
	return &ec2.DescribeInstanceStatusOutput{NextToken: next, InstanceStatuses: out}, nil
}

func statusFields() listing.Fields[world.Instance] {
	type row = *world.Instance
	return listing.Fields[world.Instance]{
		"availability-zone":            func(i row) []string { return listing.One(i.Zone) },
		"attached-ebs-status.status":   func(i row) []string { return listing.One(systemCheck(i)) },
		"event.code":                   func(row) []string { return nil },
		"event.description":            func(row) []string { return nil },
		"event.instance-event-id":      func(row) []string { return nil },
		"event.not-after":              func(row) []string { return nil },
		"event.not-before":             func(row) []string { return nil },
		"event.not-before-deadline":    func(row) []string { return nil },
		"operator.managed":             func(row) []string { return listing.Yes(false) },
		"instance-state-code":          func(i row) []string { return listing.Number(stateCode(i.State)) },
		"instance-state-name":          func(i row) []string { return listing.One(i.State) },
		"instance-status.status":       func(i row) []string { return listing.One(instanceCheck(i)) },
		"instance-status.reachability": func(i row) []string { return listing.One(reachability(instanceCheck(i))) },
		"system-status.status":         func(i row) []string { return listing.One(systemCheck(i)) },
		"system-status.reachability":   func(i row) []string { return listing.One(reachability(systemCheck(i))) },
	}
}

func statusOut(r *world.Region, i *world.Instance) types.InstanceStatus {
	ebs := systemCheck(i)
	out := types.InstanceStatus{
		InstanceId: aws.String(i.ID), AvailabilityZone: aws.String(i.Zone), AvailabilityZoneId: network.ZoneID(r, i.Zone),
		InstanceState: stateOut(i.State), InstanceStatus: summary(i, instanceCheck(i)), SystemStatus: summary(i, systemCheck(i)),
		Operator: &types.OperatorResponse{Managed: aws.Bool(false)},
	}
	out.AttachedEbsStatus = &types.EbsStatusSummary{Status: ebs}
	if reach := reachability(ebs); reach != "" {
		out.AttachedEbsStatus.Details = []types.EbsStatusDetails{{Name: types.StatusNameReachability, Status: reach}}
	}
	return out
}

// systemCheck is the state of the check of AWS's own machines.
func systemCheck(i *world.Instance) types.SummaryStatus {
	switch {
	case i.State != world.InstanceRunning:
		return types.SummaryStatusNotApplicable
	case i.SystemFailed:
		return types.SummaryStatusImpaired
	case i.ChecksOK:
		return types.SummaryStatusOk
	default:
		return types.SummaryStatusInitializing
	}
}

// instanceCheck is the state of the check of the instance itself, which a fault can fail.
func instanceCheck(i *world.Instance) types.SummaryStatus {
	switch {
	case i.State != world.InstanceRunning:
		return types.SummaryStatusNotApplicable
	case i.Impaired:
		return types.SummaryStatusImpaired
	case i.ChecksOK:
		return types.SummaryStatusOk
	default:
		return types.SummaryStatusInitializing
	}
}

func summary(i *world.Instance, s types.SummaryStatus) *types.InstanceStatusSummary {
	out := &types.InstanceStatusSummary{Status: s}
	if reach := reachability(s); reach != "" {
		detail := types.InstanceStatusDetails{Name: types.StatusNameReachability, Status: reach}
		if s == types.SummaryStatusImpaired && !i.ImpairedAt.IsZero() {
			detail.ImpairedSince = aws.Time(i.ImpairedAt)
		}
		out.Details = []types.InstanceStatusDetails{detail}
	}
	return out
}

// reachability is the one detail of a check; a check that does not apply has none.
func reachability(s types.SummaryStatus) types.StatusType {
	switch s {
	case types.SummaryStatusOk:
		return types.StatusTypePassed
	case types.SummaryStatusImpaired:
		return types.StatusTypeFailed
	case types.SummaryStatusInitializing:
		return types.StatusTypeInitializing
	default:
		return ""
	}
}
