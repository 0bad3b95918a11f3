package dst

import (
	"context"
	"slices"
	"testing"

	"berth/internal/observe/image"
	"berth/internal/registry"
	"berth/internal/sim/scenario"
)

func TestImagesAreAskedForWhereTheyComeFrom(t *testing.T) {
	r := NewRig(1)
	c, _ := r.cluster(Load(t, small))
	images := []registry.Image{
		{Host: "docker.io", Repository: "library/nginx", Reference: "1.27"},
		{Host: "ghcr.io", Repository: "acme/gone", Reference: "2"},
		{Host: "quay.io", Repository: "acme/private", Reference: "3"},
		{Host: "docker.io", Repository: "acme/busy", Reference: "4"},
		{Host: "registry.example.com", Repository: "down", Reference: "5"},
		{Host: "123456789012.dkr.ecr.eu-west-1.amazonaws.com", Repository: "shop/api", Reference: "6"},
	}
	for _, sentence := range []string{
		"pulls of ghcr.io/acme/gone fail as missing", "pulls of quay.io/acme fail as unauthorized",
		"pulls of acme/busy fail as ratelimited", "pulls of registry.example.com fail as unreachable",
	} {
		steps, err := scenario.File("test", sentence+"\n")
		if err == nil {
			err = r.Sim.Play("eu-west-1", steps)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	got, err := image.Ask(context.Background(), c.Cloud, images, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []registry.State{registry.There, registry.Missing, registry.Denied, registry.RateLimited, registry.Unknown, registry.There}
	for i, a := range got {
		if a.State != want[i] {
			t.Errorf("%v: %+v, want %s", images[i], a, want[i])
		}
	}
	if both := []string{"linux/amd64", "linux/arm64"}; !slices.Equal(got[0].Platforms, both) || !slices.Equal(got[5].Platforms, both) {
		t.Errorf("the images are for %v and %v", got[0].Platforms, got[5].Platforms)
	}
}
