package shape

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
)

// Types are the instance types by name, with the zones that offer them.
func Types(infos []types.InstanceTypeInfo, offerings []types.InstanceTypeOffering) map[string]model.Type {
	out := map[string]model.Type{}
	for _, info := range infos {
		t := model.Type{Name: string(info.InstanceType)}
		if info.VCpuInfo != nil {
			t.VCPU = int(aws.ToInt32(info.VCpuInfo.DefaultVCpus))
		}
		if info.MemoryInfo != nil {
			t.MemoryMiB = int(aws.ToInt64(info.MemoryInfo.SizeInMiB))
		}
		if info.ProcessorInfo != nil {
			for _, a := range info.ProcessorInfo.SupportedArchitectures {
				t.Arch = append(t.Arch, string(a))
			}
		}
		t.GPUs, t.Neuron = accelerators(info)
		for _, o := range offerings {
			if o.InstanceType == info.InstanceType {
				t.Zones = append(t.Zones, aws.ToString(o.Location))
			}
		}
		slices.Sort(t.Arch)
		slices.Sort(t.Zones)
		out[t.Name] = t
	}
	return out
}

// accelerators are how many GPUs of NVIDIA and how many Neuron devices a type has; no image has drivers for others.
func accelerators(info types.InstanceTypeInfo) (gpus, neuron int) {
	if info.GpuInfo != nil {
		for _, g := range info.GpuInfo.Gpus {
			if strings.EqualFold(aws.ToString(g.Manufacturer), "NVIDIA") {
				gpus += int(aws.ToInt32(g.Count))
			}
		}
	}
	if info.NeuronInfo != nil {
		for _, n := range info.NeuronInfo.NeuronDevices {
			neuron += int(aws.ToInt32(n.Count))
		}
	}
	return gpus, neuron
}
