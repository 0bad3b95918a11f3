package observe

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

type factAnswers struct {
	zonesOpen []types.AvailabilityZone
	typesSeen []types.InstanceTypeInfo
	offerings []types.InstanceTypeOffering

	imageAnswers
}

// facts are the rows of the first look that bring no resources but what a plan must know.
func facts() []row {
	return []row{
		{rounds: []func(*look) []call{identityCalls}, fold: noResources},
		{rounds: []func(*look) []call{zoneCalls}, fold: noResources},
		{rounds: []func(*look) []call{typeCalls}, fold: noResources},
		{rounds: []func(*look) []call{serviceCalls}, fold: noResources},
		imageRow(),
		alertQueueRow(),
		existingRow(),
	}
}

// noResources is the fold of a row whose answers are no resources.
func noResources(*look) {}

// identityCalls complete the scope: the names of what the second round asks for contain the account.
func identityCalls(l *look) []call {
	return []call{fetch.Get(l, l.c.STS.GetCallerIdentity, &sts.GetCallerIdentityInput{}, func(out *sts.GetCallerIdentityOutput) {
		l.scope.Account, l.scope.Partition = aws.ToString(out.Account), shape.Partition(aws.ToString(out.Arn))
	})}
}

// zoneCalls leave out local and wavelength zones, and what the account has not opted in to.
func zoneCalls(l *look) []call {
	in := &ec2.DescribeAvailabilityZonesInput{Filters: []types.Filter{
		filter("state", "available"), filter("zone-type", "availability-zone"), filter("opt-in-status", "opt-in-not-required", "opted-in"),
	}}
	return []call{fetch.Get(l, l.c.EC2.DescribeAvailabilityZones, in, func(out *ec2.DescribeAvailabilityZonesOutput) { l.zonesOpen = out.AvailabilityZones })}
}

// typeCalls ask by filter, not by name, so that a type that does not exist is merely missing.
func typeCalls(l *look) []call {
	var names []string
	for _, g := range l.ask.Groups {
		names = append(names, g.Types...)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) == 0 {
		return nil
	}
	infos := &ec2.DescribeInstanceTypesInput{Filters: []types.Filter{filter("instance-type", names...)}}
	offers := &ec2.DescribeInstanceTypeOfferingsInput{LocationType: types.LocationTypeAvailabilityZone, Filters: infos.Filters}
	return []call{
		fetch.Pages(l, l.c.EC2.DescribeInstanceTypes, infos, func(in *ec2.DescribeInstanceTypesInput, out *ec2.DescribeInstanceTypesOutput) bool {
			l.typesSeen = append(l.typesSeen, out.InstanceTypes...)
			return fetch.More(out.NextToken, &in.NextToken)
		}),
		fetch.Pages(l, l.c.EC2.DescribeInstanceTypeOfferings, offers, func(in *ec2.DescribeInstanceTypeOfferingsInput, out *ec2.DescribeInstanceTypeOfferingsOutput) bool {
			l.offerings = append(l.offerings, out.InstanceTypeOfferings...)
			return fetch.More(out.NextToken, &in.NextToken)
		}),
	}
}

// facts are what the answers tell beside resources. Quotas are not among them: they are asked for when it is known what
// a plan makes.
func (l *look) facts() model.Facts {
	f := model.Facts{
		Scope: l.scope, Images: l.images(), Types: shape.Types(l.typesSeen, l.offerings), Existing: l.existing(), Services: l.services(), Registries: l.registries(),
		KMSKey: l.dyingKey(), Alerts: l.subscribed, Heard: l.heard, Asked: l.topicTags.Get(model.TagAsked),
	}
	for _, z := range l.zonesOpen {
		f.Zones = append(f.Zones, model.Zone{Name: aws.ToString(z.ZoneName), ID: aws.ToString(z.ZoneId)})
	}
	slices.SortFunc(f.Zones, func(a, b model.Zone) int { return strings.Compare(a.Name, b.Name) })
	if l.ask.OpenCIDRs {
		f.Subnets = map[model.Key]string{}
		for s := range model.Every[model.Subnet](&l.inv.Set) {
			f.Subnets[s.Key()] = s.CIDR
		}
	}
	return f
}
