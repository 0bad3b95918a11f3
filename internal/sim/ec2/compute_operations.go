package ec2

import (
	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// computeOperations are the operations on instances and on what they are launched from.
func computeOperations() map[string]wire.Operation[*world.Call] {
	return map[string]wire.Operation[*world.Call]{
		"CreateKeyPair":                  wire.Op(CreateKeyPair),
		"CreateLaunchTemplate":           wire.Op(CreateLaunchTemplate),
		"CreateLaunchTemplateVersion":    wire.Op(CreateLaunchTemplateVersion),
		"DeleteKeyPair":                  wire.Op(DeleteKeyPair),
		"DeleteLaunchTemplate":           wire.Op(DeleteLaunchTemplate),
		"DeleteLaunchTemplateVersions":   wire.Op(DeleteLaunchTemplateVersions),
		"DescribeImages":                 wire.Op(DescribeImages),
		"DescribeInstanceAttribute":      wire.Op(DescribeInstanceAttribute),
		"DescribeInstanceStatus":         wire.Op(DescribeInstanceStatus),
		"DescribeInstanceTypeOfferings":  wire.Op(DescribeInstanceTypeOfferings),
		"DescribeInstanceTypes":          wire.Op(DescribeInstanceTypes),
		"DescribeInstances":              wire.Op(DescribeInstances),
		"DescribeKeyPairs":               wire.Op(DescribeKeyPairs),
		"DescribeLaunchTemplateVersions": wire.Op(DescribeLaunchTemplateVersions),
		"DescribeLaunchTemplates":        wire.Op(DescribeLaunchTemplates),
		"DescribeSpotInstanceRequests":   wire.Op(DescribeSpotInstanceRequests),
		"DescribeVolumes":                wire.Op(DescribeVolumes),
		"ImportKeyPair":                  wire.Op(ImportKeyPair),
		"ModifyInstanceAttribute":        wire.Op(ModifyInstanceAttribute),
		"ModifyLaunchTemplate":           wire.Op(ModifyLaunchTemplate),
		"RebootInstances":                wire.Op(RebootInstances),
		"RunInstances":                   wire.Op(RunInstances),
		"StartInstances":                 wire.Op(StartInstances),
		"StopInstances":                  wire.Op(StopInstances),
		"TerminateInstances":             wire.Op(TerminateInstances),
	}
}

// computeKinds are the kinds of resources here that carry tags.
func computeKinds() []listing.Taggable {
	return []listing.Taggable{instanceKind(), templateKind(), keyKind(), volumeKind()}
}
