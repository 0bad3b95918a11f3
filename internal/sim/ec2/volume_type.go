package ec2

import (
	"cmp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/listing"
)

// volumeBounds are what a type of volume takes: IOPS, IOPS for each GiB, MiB per second, GiB (EBS user guide, "Amazon EBS volume
// types"; EC2 API reference, EbsBlockDevice).
type volumeBounds struct {
	leastIOPS, mostIOPS, perGiB int32
	leastSpeed, mostSpeed       int32
	mostGiB                     int32
}

func boundsOf(kind types.VolumeType) (b volumeBounds, limited bool) {
	switch kind {
	case types.VolumeTypeGp3:
		return volumeBounds{3000, 80000, 500, 125, 2000, 65536}, true
	case types.VolumeTypeGp2:
		return volumeBounds{mostGiB: 16384}, true
	case types.VolumeTypeIo1:
		return volumeBounds{leastIOPS: 100, mostIOPS: 64000, perGiB: 50, mostGiB: 16384}, true
	case types.VolumeTypeIo2:
		return volumeBounds{leastIOPS: 100, mostIOPS: 256000, perGiB: 1000, mostGiB: 65536}, true
	default:
		return volumeBounds{}, false
	}
}

// iopsPerSpeed is how many IOPS gp3 needs for each MiB per second.
const iopsPerSpeed = 4

// checkFigures holds a volume to the bounds of its type, and to their ratios where it says both figures.
func checkFigures(e *types.LaunchTemplateEbsBlockDeviceRequest) error {
	b, limited := boundsOf(e.VolumeType)
	if !limited {
		return nil
	}
	size, iops, speed := aws.ToInt32(e.VolumeSize), aws.ToInt32(e.Iops), aws.ToInt32(e.Throughput)
	switch {
	case e.VolumeSize != nil && (size < 1 || size > b.mostGiB):
		return listing.Invalid("Volume of %dGiB is out of range for %s: 1 to %d.", size, e.VolumeType, b.mostGiB)
	case e.Iops != nil && (iops < b.leastIOPS || iops > b.mostIOPS):
		return listing.Invalid("Volume iops of %d is out of range for %s: %d to %d.", iops, e.VolumeType, b.leastIOPS, b.mostIOPS)
	case e.Iops != nil && size > 0 && iops > max(size*b.perGiB, b.leastIOPS):
		return listing.Invalid("Iops to volume size ratio of %d is too high; maximum is %d", iops/size, b.perGiB)
	}
	if e.Throughput == nil {
		return nil
	}
	iops = cmp.Or(iops, b.leastIOPS)
	switch {
	case speed < b.leastSpeed || speed > b.mostSpeed:
		return listing.Invalid("Throughput of %d is out of range for %s: %d to %d.", speed, e.VolumeType, b.leastSpeed, b.mostSpeed)
	case speed*iopsPerSpeed > iops:
		return listing.Invalid("Throughput (MiBps) to iops ratio of %.6f is too high; maximum is 0.250000 MiBps per iops.", float64(speed)/float64(iops))
	}
	return nil
}
