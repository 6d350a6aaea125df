package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"time"
)

// The image has the properties of docs/Dockerfile: nothing but the program and its
// licences, user 65532 of group 0, and /state as the only folder that it may write.
const (
	imageUser  = 65532
	stateMode  = 0o770
	ociVersion = "1.0.0"
	layoutType = "application/vnd.oci.image.index.v1+json"
	layerType  = "application/vnd.oci.image.layer.v1.tar+gzip"
	configType = "application/vnd.oci.image.config.v1+json"
	imageType  = "application/vnd.oci.image.manifest.v1+json"
)

// descriptor points to a blob of an image.
type descriptor struct {
	MediaType   string            `json:"mediaType"`
	Digest      string            `json:"digest"`
	Size        int               `json:"size"`
	Platform    map[string]string `json:"platform,omitempty"`
	Annotations map[string]string `json:"annotations,omitempty"`
}

// layout collects the blobs of an OCI image layout.
type layout struct {
	files []file
	seen  map[string]bool
}

func (l *layout) add(mediaType string, text []byte) descriptor {
	sum := sha256.Sum256(text)
	name := hex.EncodeToString(sum[:])
	if !l.seen[name] {
		l.seen[name] = true
		l.files = append(l.files, file{name: "blobs/sha256/" + name, text: text})
	}
	return descriptor{MediaType: mediaType, Digest: "sha256:" + name, Size: len(text)}
}

// addJSON adds a value; it cannot fail for the types of this file.
func (l *layout) addJSON(mediaType string, value any) descriptor {
	text, _ := json.Marshal(value)
	return l.add(mediaType, text)
}

// image writes an OCI image layout with an image for each Linux platform, as a tar
// archive that docker load, podman load and skopeo read.
func (r *release) image() error {
	l := &layout{seen: map[string]bool{}}
	var images []descriptor
	for _, p := range r.targets {
		if p.os != "linux" {
			continue
		}
		made, err := r.platformImage(l, p)
		if err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
		images = append(images, made)
	}
	if len(images) == 0 {
		return nil
	}
	index := l.addJSON(layoutType, map[string]any{"schemaVersion": 2, "mediaType": layoutType, "manifests": images})
	index.Annotations = map[string]string{"org.opencontainers.image.ref.name": r.version, "io.containerd.image.name": "voxemu:" + r.version}
	top, _ := json.Marshal(map[string]any{"schemaVersion": 2, "mediaType": layoutType, "manifests": []descriptor{index}})
	files := append([]file{{name: "oci-layout", text: []byte(`{"imageLayoutVersion":"` + ociVersion + `"}`)}, {name: "index.json", text: top}}, l.files...)
	text, err := tarball(files, r.date)
	if err != nil {
		return err
	}
	return r.write(fmt.Sprintf("voxemu_%s_image.tar", r.version), text)
}

func (r *release) platformImage(l *layout, p platform) (descriptor, error) {
	program, err := os.ReadFile(r.binary(p))
	if err != nil {
		return descriptor{}, err
	}
	files, err := read("", "LICENSE", "THIRD-PARTY.txt")
	if err != nil {
		return descriptor{}, err
	}
	files = append(files, file{name: "state", dir: true, mode: stateMode, uid: imageUser}, file{name: "voxemu", text: program, mode: 0o755})
	plain, err := tarball(files, r.date)
	if err != nil {
		return descriptor{}, err
	}
	packed, err := gzipped(plain)
	if err != nil {
		return descriptor{}, err
	}
	sum := sha256.Sum256(plain)
	layer := l.add(layerType, packed)
	config := l.addJSON(configType, r.imageConfig(p, "sha256:"+hex.EncodeToString(sum[:])))
	made := l.addJSON(imageType, map[string]any{
		"schemaVersion": 2, "mediaType": imageType, "config": config, "layers": []descriptor{layer},
		"annotations": map[string]string{"org.opencontainers.image.version": r.version, "org.opencontainers.image.revision": r.commit, "org.opencontainers.image.licenses": "MIT"},
	})
	made.Platform = map[string]string{"os": p.os, "architecture": p.arch}
	return made, nil
}

func (r *release) imageConfig(p platform, layer string) any {
	return map[string]any{
		"created": r.date.Format(time.RFC3339), "architecture": p.arch, "os": p.os,
		"config": map[string]any{
			"User": fmt.Sprintf("%d:0", imageUser), "Env": []string{"VOXEMU_CONFIG_DIR=/state"},
			"Entrypoint":   []string{"/voxemu"},
			"Cmd":          []string{"serve", "--expose", "--control-open", "--allowed-host", "voxemu", "--allowed-host", "host.docker.internal", "--addr", "0.0.0.0:15060", "--tls-addr", "0.0.0.0:15061"},
			"ExposedPorts": map[string]any{"15060/tcp": struct{}{}, "15061/tcp": struct{}{}},
			"Volumes":      map[string]any{"/state": struct{}{}},
			"Healthcheck":  map[string]any{"Test": []string{"CMD", "/voxemu", "wait", "--timeout", "2s"}, "Interval": 2 * time.Second, "Timeout": 3 * time.Second, "StartPeriod": time.Second},
		},
		"rootfs":  map[string]any{"type": "layers", "diff_ids": []string{layer}},
		"history": []any{map[string]any{"created": r.date.Format(time.RFC3339), "created_by": "voxemu dist"}},
	}
}
