package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"cmp"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// file is a file of an archive.
type file struct {
	name string
	text []byte
	mode int64 // default 0644
	uid  int   // in a tar archive only
	dir  bool
}

// tarball returns the files as a tar archive, in their order, with the date.
func tarball(files []file, date time.Time) ([]byte, error) {
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, f := range files {
		header := &tar.Header{Name: f.name, Mode: cmp.Or(f.mode, 0o644), Size: int64(len(f.text)), ModTime: date, Uid: f.uid, Typeflag: tar.TypeReg, Format: tar.FormatPAX}
		if f.dir {
			header.Typeflag, header.Name = tar.TypeDir, strings.TrimSuffix(f.name, "/")+"/"
		}
		if err := w.WriteHeader(header); err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
		if _, err := w.Write(f.text); err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
	}
	err := w.Close()
	return out.Bytes(), err
}

func gzipped(text []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(text); err != nil {
		return nil, err
	}
	err = w.Close()
	return out.Bytes(), err
}

// zipped returns the files as a zip archive, in their order, with the date.
func zipped(files []file, date time.Time) ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range files {
		header := &zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: date}
		header.SetMode(os.FileMode(cmp.Or(f.mode, 0o644)))
		to, err := w.CreateHeader(header)
		if err == nil {
			_, err = io.Copy(to, bytes.NewReader(f.text))
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
	}
	err := w.Close()
	return out.Bytes(), err
}

// read reads files of the project into the folder of an archive.
func read(folder string, paths ...string) ([]file, error) {
	var files []file
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		files = append(files, file{name: folder + filepath.Base(path), text: text})
	}
	return files, nil
}

func (r *release) write(name string, text []byte) error {
	return os.WriteFile(filepath.Join(r.out, name), text, 0o644)
}

// stem is the name of a platform's archive without its ending.
func (r *release) stem(p platform) string {
	return fmt.Sprintf("voxemu_%s_%s_%s", r.version, p.os, p.arch)
}

// archives packs the binaries with licences, completions and manual pages.
func (r *release) archives() error {
	for _, p := range r.targets {
		folder := r.stem(p) + "/"
		program, err := os.ReadFile(r.binary(p))
		if err != nil {
			return err
		}
		files, err := read(folder, "LICENSE", "THIRD-PARTY.txt", "README.md", "CHANGELOG.md")
		if err != nil {
			return err
		}
		files = append(files, file{name: folder + p.program(), text: program, mode: 0o755})
		for shell, text := range r.manual.completions {
			files = append(files, file{name: folder + "completions/" + completionNames()[shell], text: []byte(text)})
		}
		for name, text := range r.manual.pages {
			files = append(files, file{name: folder + "man/man1/" + name, text: []byte(text)})
		}
		slices.SortFunc(files, func(a, b file) int { return strings.Compare(a.name, b.name) })
		if err := r.archive(p, files); err != nil {
			return err
		}
	}
	return nil
}

func (r *release) archive(p platform, files []file) error {
	if p.os == "windows" {
		text, err := zipped(files, r.date)
		if err != nil {
			return err
		}
		return r.write(r.stem(p)+".zip", text)
	}
	text, err := tarball(files, r.date)
	if err != nil {
		return err
	}
	if text, err = gzipped(text); err != nil {
		return err
	}
	return r.write(r.stem(p)+".tar.gz", text)
}
