package ec2

// standardSizes are the sizes that most families have: vCPUs, network interfaces and IPv4 addresses per interface.
const standardSizes = `
medium     1  2/4
large      2  3/10
xlarge     4  4/15
2xlarge    8  4/15
3xlarge   12  4/15
4xlarge   16  8/30
6xlarge   24  8/30
8xlarge   32  8/30
9xlarge   36  8/30
10xlarge  40  8/30
12xlarge  48  8/30
16xlarge  64 15/50
18xlarge  72 15/50
24xlarge  96 15/50
32xlarge 128 15/50
48xlarge 192 15/50
96xlarge 384 24/64
`

// instanceFamilies are the families, one a line: name, architecture, MiB of memory per vCPU, processor's maker, flags,
// and the sizes. A size that differs from the standard says so: ":vCPUs,MiB", "@interfaces/addresses", "*accelerators".
// Flags: b burstable, d local disks, s one thread per core, x Xen instead of Nitro, - none. Figures are those of
// DescribeInstanceTypes; bare metal is left out.
const instanceFamilies = `
t2       x86_64 4096 Intel bsx nano:1,512@2/2 micro:1,1024@2/2 small:1,2048@3/4 medium:2,4096@3/6 large:2,8192@3/12 xlarge@3/15 2xlarge@3/15
t3       x86_64 4096 Intel b   nano:2,512@2/2 micro:2,1024@2/2 small:2,2048@3/4 medium:2,4096@3/6 large:2,8192@3/12 xlarge 2xlarge
t3a      x86_64 4096 AMD   b   nano:2,512@2/2 micro:2,1024@2/2 small:2,2048@2/4 medium:2,4096@3/6 large:2,8192@3/12 xlarge 2xlarge
t4g      arm64  4096 AWS   b   nano:2,512@2/2 micro:2,1024@2/2 small:2,2048@3/4 medium:2,4096@3/6 large:2,8192@3/12 xlarge 2xlarge
m4       x86_64 4096 Intel x   large@2/10 xlarge 2xlarge 4xlarge 10xlarge 16xlarge@8/30
m5       x86_64 4096 Intel -   large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge
m5d      x86_64 4096 Intel d   large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge
m5a      x86_64 4096 AMD   -   large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge
m6i      x86_64 4096 Intel -   large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge
m6id     x86_64 4096 Intel d   large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge
m6a      x86_64 4096 AMD   -   large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge
m6g      arm64  4096 AWS   -   medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge
m6gd     arm64  4096 AWS   d   medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge
m7i      x86_64 4096 Intel -   large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge
m7i-flex x86_64 4096 Intel -   large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge
m7a      x86_64 4096 AMD   s   medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge
m7g      arm64  4096 AWS   -   medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge
m8g      arm64  4096 AWS   -   medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge
m8i      x86_64 4096 Intel -   large@3/20 xlarge@4/30 2xlarge@4/30 4xlarge@8/50 8xlarge@10/50 12xlarge@12/50 16xlarge@16/64 24xlarge@16/64 32xlarge@24/64 48xlarge@24/64 96xlarge
c4       x86_64 1920 Intel x   large xlarge 2xlarge 4xlarge 8xlarge:36,61440
c5       x86_64 2048 Intel -   large xlarge 2xlarge 4xlarge 9xlarge 12xlarge 18xlarge 24xlarge
c5d      x86_64 2048 Intel d   large xlarge 2xlarge 4xlarge 9xlarge 12xlarge 18xlarge 24xlarge
c5a      x86_64 2048 AMD   -   large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge
c6i      x86_64 2048 Intel -   large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge
c6id     x86_64 2048 Intel d   large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge
c6a      x86_64 2048 AMD   -   large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge
c6g      arm64  2048 AWS   -   medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge
c6gd     arm64  2048 AWS   d   medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge
c6gn     arm64  2048 AWS   -   medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge
c7i      x86_64 2048 Intel -   large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge
c7i-flex x86_64 2048 Intel -   large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge
c7a      x86_64 2048 AMD   s   medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge
c7g      arm64  2048 AWS   -   medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge
c7gn     arm64  2048 AWS   -   medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge
c8g      arm64  2048 AWS   -   medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge
c8i      x86_64 2048 Intel -   large@3/20 xlarge@4/30 2xlarge@4/30 4xlarge@8/50 8xlarge@10/50 12xlarge@12/50 16xlarge@16/64 24xlarge@16/64 32xlarge@24/64 48xlarge@24/64 96xlarge
r4       x86_64 7808 Intel x   large xlarge 2xlarge 4xlarge 8xlarge 16xlarge
r5       x86_64 8192 Intel -   large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge
r5d      x86_64 8192 Intel d   large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge
r5a      x86_64 8192 AMD   -   large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge
r6i      x86_64 8192 Intel -   large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge
r6a      x86_64 8192 AMD   -   large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge
r6g      arm64  8192 AWS   -   medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge
r7i      x86_64 8192 Intel -   large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge
r7a      x86_64 8192 AMD   s   medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge
r7g      arm64  8192 AWS   -   medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge
r8g      arm64  8192 AWS   -   medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge
r8i      x86_64 8192 Intel -   large@3/20 xlarge@4/30 2xlarge@4/30 4xlarge@8/50 8xlarge@10/50 12xlarge@12/50 16xlarge@16/64 24xlarge@16/64 32xlarge@24/64 48xlarge@24/64 96xlarge
x2gd     arm64 16384 AWS   d   medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge
i3       x86_64 7808 Intel dx  large xlarge 2xlarge 4xlarge 8xlarge 16xlarge
i4i      x86_64 8192 Intel d   large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge@15/30 32xlarge
i4g      arm64  8192 AWS   d   large xlarge 2xlarge 4xlarge 8xlarge 16xlarge
d3       x86_64 8192 Intel d   xlarge@4/3 2xlarge@4/5 4xlarge@4/10 8xlarge@3/20
a1       arm64  2048 AWS   -   medium large xlarge 2xlarge 4xlarge
g4dn     x86_64 4096 Intel d   xlarge@3/10*1 2xlarge@3/10*1 4xlarge@3/10*1 8xlarge@4/15*1 12xlarge@8/30*4 16xlarge@4/15*1
g5       x86_64 4096 AMD   d   xlarge*1 2xlarge*1 4xlarge*1 8xlarge*1 12xlarge@15/50*4 16xlarge@8/30*1 24xlarge*4 48xlarge@7/50*8
g6       x86_64 4096 AMD   d   xlarge*1 2xlarge*1 4xlarge*1 8xlarge*1 12xlarge*4 16xlarge*1 24xlarge*4 48xlarge*8
g5g      arm64  2048 AWS   -   xlarge*1 2xlarge*1 4xlarge*1 8xlarge*1 16xlarge*2
g6e      x86_64 8192 AMD   d   xlarge*1 2xlarge*1 4xlarge*1 8xlarge*1 12xlarge*4 16xlarge*1 24xlarge*4 48xlarge*8
g4ad     x86_64 4096 AMD   d   xlarge@2/4*1 2xlarge@2/4*1 4xlarge@3/10*1 8xlarge@4/15*2 16xlarge@8/30*4
p3       x86_64 7808 Intel x   2xlarge*1 8xlarge*4 16xlarge@8/30*8
p4d      x86_64 12288 Intel d  24xlarge*8
p5       x86_64 10923 AMD  d   48xlarge@64/50*8
inf1     x86_64 2048 Intel -   xlarge@4/10*1 2xlarge@4/10*1 6xlarge*4 24xlarge@11/30*16
inf2     x86_64 4096 AMD   -   xlarge*1 8xlarge*1 24xlarge*6 48xlarge*12
trn1     x86_64 4096 Intel d   2xlarge*1 32xlarge@5/50*16
`

// accelerator is what a family's accelerators are.
type accelerator struct {
	name, maker string
	memoryMiB   int // of one
	gpu         bool
}

// accelerators are the families that have some.
func accelerators(family string) accelerator {
	switch family {
	case "g4dn":
		return accelerator{"T4", "NVIDIA", 16384, true}
	case "g5":
		return accelerator{"A10G", "NVIDIA", 24576, true}
	case "g6":
		return accelerator{"L4", "NVIDIA", 22888, true}
	case "g5g":
		return accelerator{"T4g", "NVIDIA", 16384, true}
	case "g6e":
		return accelerator{"L40S", "NVIDIA", 45776, true}
	case "g4ad":
		return accelerator{"Radeon Pro V520", "AMD", 8192, true}
	case "p5":
		return accelerator{"H100", "NVIDIA", 81920, true}
	case "p3":
		return accelerator{"V100", "NVIDIA", 16384, true}
	case "p4d":
		return accelerator{"A100", "NVIDIA", 40960, true}
	case "inf1":
		return accelerator{"Inferentia", "AWS", 8192, false}
	case "inf2":
		return accelerator{"Inferentia2", "AWS", 32768, false}
	case "trn1":
		return accelerator{"Trainium", "AWS", 32768, false}
	default:
		return accelerator{}
	}
}
