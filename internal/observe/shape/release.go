package shape

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
)

// Release is what EC2 says of an image.
func Release(d types.Image) model.Release {
	out := model.Release{ID: aws.ToString(d.ImageId), Name: aws.ToString(d.Name)}
	if at, err := time.Parse(time.RFC3339, aws.ToString(d.CreationDate)); err == nil {
		out.Built = at
	}
	if at, err := time.Parse(time.RFC3339, aws.ToString(d.DeprecationTime)); err == nil {
		out.Deprecated = at
	}
	return out
}

// Published is AWS's public parameter that tells what is in an ECS-optimized image, by the image's name and architecture; empty for
// Bottlerocket, whose parameters do not tell, and for the images of others.
func Published(name, arch string) string {
	family, accelerator := model.Image{Name: name}.Kind()
	if family == "" || family == "bottlerocket" {
		return ""
	}
	path := strings.TrimSuffix(Purpose{Family: family, Arch: arch, Accelerator: accelerator}.Parameter(), "recommended")
	if kernel := "kernel-5.10"; family == "al2" && strings.Contains(name, "-ecs-"+kernel+"-") {
		path = strings.Replace(path, "amazon-linux-2/", "amazon-linux-2/"+kernel+"/", 1)
	}
	return path + name
}

// SetSoftware reads versions out of such a parameter. What is no JSON of that form tells nothing.
func SetSoftware(r *model.Release, text string) {
	var v struct {
		Agent   string `json:"ecs_agent_version"`
		Runtime string `json:"ecs_runtime_version"`
		Image   string `json:"image_id"`
	}
	if err := json.Unmarshal([]byte(text), &v); err != nil || v.Image != r.ID {
		return
	}
	r.Agent, r.Docker = v.Agent, strings.TrimPrefix(v.Runtime, "Docker version ")
}
